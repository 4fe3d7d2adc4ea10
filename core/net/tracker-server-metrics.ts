/** The registry's counts for Prometheus: plain numbers in the hot path, read when somebody scrapes. */
import { Counter, Gauge, Registry as MetricsRegistry } from 'prom-client';
import type { Stats } from '../tracker/registry-snapshot.ts';

const gauges = {
  torrents: 'Published torrents',
  swarms: 'Swarms with a peer, or of a published torrent that had one',
  seeders: 'Peers that have everything',
  leechers: 'Peers that are incomplete',
} as const;

const counters = {
  announces: 'Announces since the start',
  refusals: 'Announces that were answered with a failure',
  scrapes: 'Scrapes since the start',
  expired: 'Peers that left without a word',
} as const;

export class TrackerMetrics {
  readonly #metrics = new MetricsRegistry();

  constructor(stats: () => Stats) {
    const registers = [this.#metrics];
    for (const name of namesOf(gauges))
      new Gauge({
        name: `swarmproof_tracker_${name}`,
        help: gauges[name],
        registers,
        collect() {
          this.set(stats()[name]);
        },
      });
    for (const name of namesOf(counters))
      new Counter({
        name: `swarmproof_tracker_${name}_total`,
        help: counters[name],
        registers,
        collect() {
          this.reset();
          this.inc(stats()[name]);
        },
      });
  }

  get contentType(): string {
    return this.#metrics.contentType;
  }

  /** The text of `GET /metrics`. */
  text(): Promise<string> {
    return this.#metrics.metrics();
  }
}

const namesOf = <Name extends string>(table: { readonly [Key in Name]: string }): Name[] =>
  Object.keys(table) as Name[];
