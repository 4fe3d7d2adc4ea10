/** How long each peer had each other unchoked: from `unchoked` to the choke, the end of the connection, of the sender or of the run. */
import { type Duration, type Instant, millis } from '../core/time.ts';
import type { InfoHash, PeerId } from '../core/torrent/ids.ts';
import { isCrash } from './action.ts';
import type { Plan } from './plan.ts';
import type { Action, ContentFacts, RecordedEvent } from './world.ts';

export type Unchoked = {
  readonly from: string;
  readonly to: string;
  readonly content: number;
  readonly lasted: Duration;
};

type Times = {
  readonly to: string;
  readonly content: number;
  since: Instant | undefined;
  lasted: number;
};

/** Told of actions and events in order of time. */
export class UnchokeWatch {
  readonly #nameOf: ReadonlyMap<PeerId, string>;
  readonly #contentOf: ReadonlyMap<InfoHash, number>;
  /** By sender, then by receiver and content. */
  readonly #times = new Map<string, Map<string, Times>>();

  constructor({ peers }: Pick<Plan, 'peers'>, contents: readonly ContentFacts[]) {
    this.#nameOf = new Map(peers.map(({ peerId, name }) => [peerId, name]));
    this.#contentOf = new Map(contents.map(({ infoHash }, index) => [infoHash, index]));
  }

  act(at: Instant, action: Action): void {
    if (!isCrash(action)) return;
    for (const times of this.#of(action.peer).values()) end(times, at);
  }

  see(event: RecordedEvent): void {
    switch (event.type) {
      case 'unchoked':
        if (event.by === 'us') this.#begin(event, event.peerId);
        return;
      case 'choked':
        if (event.by === 'us') this.#end(event, event.peerId);
        return;
      case 'disconnected':
        this.#end(event, event.peerId);
        return;
      default:
        return;
    }
  }

  /** Each pair of which anything is known, with all its times up to `at`, when the run ended. */
  close(at: Instant): readonly Unchoked[] {
    return [...this.#times].flatMap(([from, pairs]) =>
      [...pairs.values()].map((times) => {
        end(times, at);
        return { from, to: times.to, content: times.content, lasted: millis(times.lasted) };
      }),
    );
  }

  #begin({ at, peer, infoHash }: RecordedEvent, peerId: PeerId): void {
    const to = this.#nameOf.get(peerId);
    const content = this.#contentOf.get(infoHash);
    if (to === undefined || content === undefined) return;
    const key = `${to} ${content}`;
    const times = this.#of(peer).get(key) ?? { to, content, since: undefined, lasted: 0 };
    times.since ??= at;
    this.#of(peer).set(key, times);
  }

  #end({ at, peer, infoHash }: RecordedEvent, peerId: PeerId | undefined): void {
    const to = peerId === undefined ? undefined : this.#nameOf.get(peerId);
    const times = this.#of(peer).get(`${to ?? ''} ${this.#contentOf.get(infoHash) ?? ''}`);
    if (times !== undefined) end(times, at);
  }

  #of(from: string): Map<string, Times> {
    const found = this.#times.get(from) ?? new Map<string, Times>();
    this.#times.set(from, found);
    return found;
  }
}

function end(times: Times, at: Instant): void {
  if (times.since !== undefined) times.lasted += at - times.since;
  times.since = undefined;
}
