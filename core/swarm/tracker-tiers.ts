/** The trackers of a torrent in their tiers (BEP 12), and what each of them knows of us. */
import type { Instant } from '../time.ts';
import { type Random, shuffled } from '../random.ts';

export class Tracker {
  readonly url: string;
  /** It has taken an announce of ours, so it is told when we leave. */
  knowsUs = false;
  /** It knew us when we were incomplete, and does not know yet that we completed. */
  isOwedCompleted = false;
  /** What it asked to be given back. */
  trackerId: string | undefined = undefined;
  /** It asked not to be asked before then (BEP 31); Infinity is never. */
  notBefore: Instant = -Infinity as Instant;

  constructor(url: string) {
    this.url = url;
  }
}

/** Torrents with thousands of trackers exist; a round through these takes minutes already. */
export const maxTrackers = 50;

export class TrackerTiers {
  readonly #tiers: Tracker[][] = [];

  /** A URL counts in the first tier that has it. */
  constructor(tiers: readonly (readonly string[])[], random: Random) {
    const seen = new Set<string>();
    for (const tier of tiers) {
      const fresh = [...new Set(tier)].filter((url) => !seen.has(url));
      const urls = shuffled(random, fresh.slice(0, maxTrackers - seen.size));
      for (const url of urls) seen.add(url);
      this.#tiers.push(urls.map((url) => new Tracker(url)));
    }
  }

  /** Those that know us. */
  known(): readonly Tracker[] {
    return this.#all().filter(({ knowsUs }) => knowsUs);
  }

  /** Those that may be asked now, in the order in which to try them. */
  ready(now: Instant): readonly Tracker[] {
    return this.#all().filter(({ notBefore }) => notBefore <= now);
  }

  /** When the next one may be asked; undefined: none ever. */
  nextReady(): Instant | undefined {
    const next = Math.min(...this.#all().map(({ notBefore }) => notBefore));
    return next < Infinity ? (next as Instant) : undefined;
  }

  /** A tracker that answers goes to the front of its tier (BEP 12). */
  promote(tracker: Tracker): void {
    for (const tier of this.#tiers) {
      const at = tier.indexOf(tracker);
      if (at > 0) tier.unshift(...tier.splice(at, 1));
    }
  }

  #all(): Tracker[] {
    return this.#tiers.flat();
  }
}
