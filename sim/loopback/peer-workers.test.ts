import { join } from 'node:path';
import { expect, it } from 'vitest';
import { temporaryDirectory } from '../../core/net/testing/temporary-directory.ts';
import { startProcess, startThread, type StartHost } from './hosts.ts';
import type { PeerEvent, PeerOrder } from './peer-orders.ts';
import { type HostedListener, PeerWorkers } from './peer-workers.ts';
import { seederOrder } from './testing/seeder-order.ts';

it.each([
  ['threads', startThread, 1],
  ['processes', startProcess, 2],
] as const)('lets peers in %s obey each for itself', async (_, startHost, network) => {
  await using dir = await temporaryDirectory();
  const { workers, leftBehind } = started(startHost);
  const heard = [listener(), listener(), listener()];
  const orders = await Promise.all(
    heard.map(async (_listener, n) => ({
      ...(await seederOrder(join(dir.path, `${n}`), `127.63.${network}.${n + 1}`)),
      name: `seeder-${n}`,
    })),
  );
  const [first, ...others] = await Promise.all(
    orders.map((order, n) => workers.start(order, heard[n] ?? listener())),
  );
  const wrong = { ...orders[0], name: 'wrong', ip: `127.63.${network}.9` } as PeerOrder;
  const nowhere = wrong.torrents.map((one) => ({ ...one, torrentPath: '/nowhere.torrent' }));
  await expect(workers.start({ ...wrong, torrents: nowhere }, listener())).rejects.toThrow(
    'ENOENT',
  );
  if (first === undefined) throw new Error('nobody was started');
  const seen = await Promise.all(
    [first, ...others].map((life) => life.perform({ type: 'observe' })),
  );
  expect(seen.map(({ address }) => address.ip)).toEqual(orders.map(({ ip }) => ip));
  expect(seen.map(({ torrents }) => torrents[0]?.isComplete)).toEqual([true, true, true]);
  const last = await first.kill();
  expect(last?.address).toEqual(seen[0]?.address);
  expect(await first.kill()).toBeUndefined();
  await expect(first.perform({ type: 'freeze' })).rejects.toThrow('seeder-0');
  await Promise.all(others.map((life) => life.perform({ type: 'stop' })));
  await workers.end();
  const told = heard.map(({ events }) => new Set(events.map(({ event }) => event.type)));
  expect(told.map((types) => types.has('opened') && types.has('announced'))).toEqual([
    true,
    true,
    true,
  ]);
  expect(told.map((types) => types.has('stopped'))).toEqual([false, true, true]);
  expect([leftBehind, heard.flatMap(({ lost }) => lost)]).toEqual([[], []]);
});

it('misses nobody whom it ended itself, and whoever waits for a peer then hears of it', async () => {
  await using dir = await temporaryDirectory();
  const { workers } = started(startThread);
  const heard = listener();
  const order = await seederOrder(dir.path, '127.63.3.2');
  const life = await workers.start(order, heard);
  const late = workers.start({ ...order, name: 'late' }, heard).then(
    () => 'started',
    () => 'refused',
  );
  await workers.kill();
  expect(await late).toBe('refused');
  await expect(life.perform({ type: 'observe' })).rejects.toThrow();
  expect(await life.kill()).toBeUndefined();
  await workers.kill();
  await workers.end();
  expect(heard.lost).toEqual([]);
});

it('misses everybody whose process ended by itself', async () => {
  await using dir = await temporaryDirectory();
  const { workers, kill } = started(startProcess);
  const heard = listener();
  const order = await seederOrder(dir.path, '127.63.3.1');
  const life = await workers.start(order, heard);
  await kill();
  expect(heard.lost).toEqual([expect.stringContaining('SIGKILL')]);
  expect(await life.kill()).toBeUndefined();
  await workers.end();
});

type Heard = HostedListener & { readonly events: PeerEvent[]; readonly lost: string[] };

function listener(): Heard {
  const events: PeerEvent[] = [];
  const lost: string[] = [];
  return {
    ...{ events, lost },
    onEvent: (event) => events.push(event),
    onLost: (why) => lost.push(why),
  };
}

/** Two workers; `kill` ends both behind the bench's back. */
function started(startHost: StartHost): {
  readonly workers: PeerWorkers;
  readonly leftBehind: string[];
  readonly kill: () => Promise<void>;
} {
  const leftBehind: string[] = [];
  let kill = (): Promise<void> => Promise.resolve();
  const workers = new PeerWorkers({
    count: 2,
    startHost: (hears) => {
      const host = startHost(hears);
      const earlier = kill;
      kill = async () => {
        await Promise.all([earlier(), host.kill()]);
      };
      return host;
    },
    onLeftBehind: (resource) => leftBehind.push(resource),
  });
  return { workers, leftBehind, kill: () => kill() };
}
