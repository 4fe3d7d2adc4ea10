/** Who sent whom how much: the two sides' own counts, put side by side. */
import { type Duration, type Instant, millis } from '../core/time.ts';
import { isCrash } from './action.ts';
import type { PerformedAction, Transfer } from './record.ts';
import type { Plan } from './plan.ts';
import type { ContentFacts, PairBytes, RecordedEvent } from './world.ts';

type Counted = { -readonly [Key in keyof Transfer]: Transfer[Key] };

/** A row for each pair and content of which either side knows, by the names of sender and receiver. */
export function transfersOf(run: {
  readonly plan: Plan;
  readonly contents: readonly ContentFacts[];
  readonly pairs: readonly PairBytes[];
  readonly events: readonly RecordedEvent[];
  readonly actions: readonly PerformedAction[];
  readonly end: Instant;
}): readonly Transfer[] {
  const rows = new Map<string, Counted>();
  const row = (from: string, to: string, content: number): Counted => {
    const key = `${from} ${to} ${content}`;
    const found = rows.get(key) ?? {
      from,
      to,
      content,
      bytesSent: 0,
      bytesReceived: 0,
      unchoked: millis(0),
    };
    rows.set(key, found);
    return found;
  };
  for (const { peer, other, content, bytesDown, bytesUp } of run.pairs) {
    if (bytesUp > 0) row(peer, other, content).bytesSent += bytesUp;
    if (bytesDown > 0) row(other, peer, content).bytesReceived += bytesDown;
  }
  for (const { from, to, content, lasted } of unchokedTimes(run)) {
    const found = row(from, to, content);
    found.unchoked = millis(found.unchoked + lasted);
  }
  return [...rows.values()].sort(
    (a, b) => compare(a.from, b.from) || compare(a.to, b.to) || a.content - b.content,
  );
}

type Unchoked = {
  readonly from: string;
  readonly to: string;
  readonly content: number;
  readonly lasted: Duration;
};

/** From each `unchoked` to the choke, the end of the connection, of the sender or of the run. */
function unchokedTimes(run: Parameters<typeof transfersOf>[0]): readonly Unchoked[] {
  const nameOf = new Map(run.plan.peers.map(({ peerId, name }) => [peerId, name]));
  const contentOf = new Map(run.contents.map(({ infoHash }, index) => [infoHash, index]));
  const watch = new UnchokeWatch();
  const crashes = run.actions.filter(({ action }) => isCrash(action));
  let next = 0;
  for (const event of run.events) {
    for (
      let crash = crashes[next];
      crash !== undefined && crash.at <= event.at;
      crash = crashes[next]
    ) {
      if ('peer' in crash.action) watch.gone(crash.at, crash.action.peer);
      next += 1;
    }
    const to =
      'peerId' in event && event.peerId !== undefined ? nameOf.get(event.peerId) : undefined;
    const content = contentOf.get(event.infoHash);
    if (to !== undefined && content !== undefined) watch.see(event, to, content);
  }
  return watch.close(run.end);
}

type Begun = Omit<Unchoked, 'lasted'> & { readonly at: Instant };

class UnchokeWatch {
  readonly #open = new Map<string, Begun>();
  readonly #times: Unchoked[] = [];

  see(event: RecordedEvent, to: string, content: number): void {
    const { at, peer: from } = event;
    const key = `${from} ${to} ${content}`;
    if (event.type === 'disconnected') this.#end(key, at);
    if (event.type === 'choked' && event.by === 'us') this.#end(key, at);
    if (event.type === 'unchoked' && event.by === 'us' && !this.#open.has(key)) {
      this.#open.set(key, { from, to, content, at });
    }
  }

  gone(at: Instant, from: string): void {
    for (const [key, begun] of this.#open) if (begun.from === from) this.#end(key, at);
  }

  close(at: Instant): readonly Unchoked[] {
    for (const key of [...this.#open.keys()]) this.#end(key, at);
    return this.#times;
  }

  #end(key: string, end: Instant): void {
    const begun = this.#open.get(key);
    if (begun === undefined) return;
    this.#open.delete(key);
    const { at, ...pair } = begun;
    this.#times.push({ ...pair, lasted: millis(end - at) });
  }
}

const compare = (a: string, b: string): number => (a < b ? -1 : Number(a > b));
