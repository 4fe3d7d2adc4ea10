/** When each peer was up, and how fast its uplink was meanwhile: from what was done, not from what was seen. */
import { isCrash } from '../sim/action.ts';
import type { PeerSpec } from '../sim/plan.ts';
import type { RunRecord } from '../sim/record.ts';
import type { Action } from '../sim/world.ts';

/** A stretch of time with one uplink rate. Times are milliseconds of the run's clock. */
export type Life = {
  readonly fromMs: number;
  readonly toMs: number;
  /** Infinite without a limit. */
  readonly upBytesPerSec: number;
};

type Open = Omit<Life, 'toMs'>;

/** The lives of each peer in order of time; those that go on end with the run. */
export function livesOf({
  header,
  actions,
  end,
}: Pick<RunRecord, 'header' | 'actions' | 'end'>): ReadonlyMap<string, readonly Life[]> {
  const watch = new LifeWatch(header.plan.peers);
  for (const { at, action, error } of actions)
    if ('peer' in action && error === undefined) watch.see(at, action.peer, action);
  return watch.close(end.at);
}

class LifeWatch {
  readonly #specs: ReadonlyMap<string, PeerSpec>;
  readonly #lives: ReadonlyMap<string, Life[]>;
  readonly #rates: Map<string, number>;
  readonly #open = new Map<string, Open>();

  constructor(peers: readonly PeerSpec[]) {
    this.#specs = new Map(peers.map((peer) => [peer.name, peer]));
    this.#lives = new Map(peers.map(({ name }) => [name, []]));
    this.#rates = new Map(peers.map((peer) => [peer.name, upOf(peer)]));
  }

  see(atMs: number, peer: string, action: Action): void {
    if (isCrash(action)) return this.#end(peer, atMs);
    switch (action.type) {
      case 'leave':
        return this.#end(peer, atMs);
      case 'join':
        return this.#begin(peer, atMs);
      case 'restart':
        this.#end(peer, atMs);
        return this.#begin(peer, atMs);
      case 'limit':
        return this.#limit(peer, atMs, action.upBytesPerSec);
      default:
        return;
    }
  }

  close(atMs: number): ReadonlyMap<string, readonly Life[]> {
    for (const peer of [...this.#open.keys()]) this.#end(peer, atMs);
    return this.#lives;
  }

  #begin(peer: string, fromMs: number): void {
    this.#open.set(peer, { fromMs, upBytesPerSec: this.#rates.get(peer) ?? Infinity });
  }

  #end(peer: string, toMs: number): void {
    const life = this.#open.get(peer);
    if (life !== undefined && toMs > life.fromMs) this.#lives.get(peer)?.push({ ...life, toMs });
    this.#open.delete(peer);
  }

  /** Its own settings hold on whatever the link allows. */
  #limit(peer: string, atMs: number, upBytesPerSec = Infinity): void {
    const own = this.#specs.get(peer)?.options.upBytesPerSec ?? Infinity;
    this.#rates.set(peer, Math.min(own, upBytesPerSec));
    if (!this.#open.has(peer)) return;
    this.#end(peer, atMs);
    this.#begin(peer, atMs);
  }
}

/** Without a limit the link is as fast as may be. */
export const upOf = ({ link, options }: PeerSpec): number =>
  Math.min(link.upBytesPerSec ?? Infinity, options.upBytesPerSec ?? Infinity);
