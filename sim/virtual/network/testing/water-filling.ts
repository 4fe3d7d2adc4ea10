/** Max-min fair rates by progressive filling (Bertsekas and Gallager, Data Networks, 6.5.2): exact, and slow. */

/** A transfer from one host to another, by index. */
export type Transfer = { readonly from: number; readonly to: number };

export type Rates = { readonly up: number; readonly down: number };

/** All rates grow alike; those that meet a full link stop, and the others go on. */
export function waterFilling(hosts: readonly Rates[], transfers: readonly Transfer[]): number[] {
  const rates = transfers.map(() => 0);
  const growing = new Set(transfers.keys());
  const links = hosts.flatMap(({ up, down }, host) => [
    { capacity: up, users: usersOf(transfers, ({ from }) => from === host) },
    { capacity: down, users: usersOf(transfers, ({ to }) => to === host) },
  ]);
  const isFull = ({ capacity, users }: (typeof links)[number]): boolean =>
    used(users, rates) > capacity * (1 - 1e-9);
  while (growing.size > 0) {
    let step = Infinity;
    for (const { capacity, users } of links) {
      const alive = users.filter((user) => growing.has(user)).length;
      if (alive > 0) step = Math.min(step, (capacity - used(users, rates)) / alive);
    }
    for (const user of growing) rates[user] = (rates[user] ?? 0) + step;
    for (const user of links.filter(isFull).flatMap(({ users }) => users)) growing.delete(user);
  }
  return rates;
}

/** The trap: each link is split equally among its streams, and what a stream cannot use is lost. */
export function equalSplit(hosts: readonly Rates[], transfers: readonly Transfer[]): number[] {
  return transfers.map(({ from, to }) => {
    const ups = transfers.filter((other) => other.from === from).length;
    const downs = transfers.filter((other) => other.to === to).length;
    return Math.min((hosts[from]?.up ?? 0) / ups, (hosts[to]?.down ?? 0) / downs);
  });
}

const usersOf = (
  transfers: readonly Transfer[],
  isUser: (transfer: Transfer) => boolean,
): readonly number[] => [...transfers.keys()].filter((i) => isUser(transfers[i] as Transfer));

const used = (users: readonly number[], rates: readonly number[]): number =>
  users.reduce((sum, user) => sum + (rates[user] ?? 0), 0);
