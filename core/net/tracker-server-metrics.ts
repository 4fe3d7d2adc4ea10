/** The registry's counts for Prometheus: plain numbers in the hot path, read when somebody scrapes. */
import { Counter, Gauge, Registry as MetricsRegistry } from 'prom-client';
import { encodeUtf8 } from '../bytes/utf8.ts';
import { type HttpAnswer, type HttpRequest, notAllowed } from '../tracker/http.ts';
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
  readonly #ask: () => Stats | Promise<Stats>;
  readonly #gauges = namesOf(gauges).map((name) => {
    const help = gauges[name];
    const gauge = new Gauge({
      name: `swarmproof_tracker_${name}`,
      help,
      registers: [this.#metrics],
    });
    return { name, gauge };
  });
  readonly #counters = namesOf(counters).map((name) => {
    const of = { name: `swarmproof_tracker_${name}_total`, help: counters[name] };
    return { name, counter: new Counter({ ...of, registers: [this.#metrics] }) };
  });

  /** `ask` is called once for each page. */
  constructor(ask: () => Stats | Promise<Stats>) {
    this.#ask = ask;
  }

  /** The answer to a request for `/metrics`; undefined: something else is asked for. */
  answer({
    method,
    target,
  }: Pick<HttpRequest, 'method' | 'target'>): HttpAnswer | Promise<HttpAnswer> | undefined {
    if (!/^\/metrics(?:\?|$)/.test(target)) return undefined;
    return method === 'GET' ? this.#page() : notAllowed(['GET']);
  }

  async #page(): Promise<HttpAnswer> {
    const stats = await this.#ask();
    for (const { gauge, name } of this.#gauges) gauge.set(stats[name]);
    for (const { counter, name } of this.#counters) {
      counter.reset();
      counter.inc(stats[name]);
    }
    const headers = { 'content-type': this.#metrics.contentType };
    return { status: 200, headers, body: encodeUtf8(await this.#metrics.metrics()) };
  }
}

const namesOf = <Name extends string>(table: { readonly [Key in Name]: string }): Name[] =>
  Object.keys(table) as Name[];
