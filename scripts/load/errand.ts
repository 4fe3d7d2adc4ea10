/** One announce of a load, what came of it, and the roads by which it can travel. */

/** What a tracker has said: the counts of the swarm, and peers as six bytes each (BEP 23). */
export type Told = {
  readonly seeders: number;
  readonly leechers: number;
  readonly peers: Uint8Array;
};

/** `refused`: the tracker says so; `garbled`: what came is no answer; `lost`: nothing came. */
export type Outcome =
  | { readonly type: 'told'; readonly told: Told }
  | { readonly type: 'refused' | 'garbled' | 'lost'; readonly detail: string };

export type Errands = {
  /** Which peer is to announce next, of those that speak from the address with that number (undefined: of all); undefined: none. */
  readonly next: (address: number | undefined) => number | undefined;
  /** `latencyMs` is from the first byte out to the last byte in. */
  readonly done: (peer: number, outcome: Outcome, latencyMs: number) => void;
  /** It is the first time: the peers have just started. */
  readonly isFirst: boolean;
};

export interface Road extends AsyncDisposable {
  /** Keeps as many announces on their way as it may, until there are no more; resolves when the last is settled. */
  run(errands: Errands): Promise<void>;
}

/** What goes unanswered for so long is lost. */
export const lostAfterMs = 3_000;
