/** A running tracker: the registry behind a real HTTP server (BEP 3, 48 and the catalogue) and a UDP socket (BEP 15). */
import { performance } from 'node:perf_hooks';
import type { Endpoint } from '../torrent/ids.ts';
import type { HttpAnswer, HttpRequest } from '../tracker/http.ts';
import type { Locality } from '../tracker/locality.ts';
import type { RegistryOptions } from '../tracker/registry-options.ts';
import type { RegistrySnapshot } from '../tracker/registry-snapshot.ts';
import type { Duration, Instant } from '../time.ts';
import { answerHttp } from '../tracker/http.ts';
import { QuickAnnounces } from '../tracker/quick-announces.ts';
import type { Registry } from '../tracker/registry.ts';
import { nodeDisk } from './disk-node.ts';
import {
  type HttpLimits,
  type HttpListener,
  defaultHttpLimits,
  listenHttp,
} from './http-listener.ts';
import { type Logger, silentLogger } from './log.ts';
import { Expiry } from './tracker-expiry.ts';
import { logNews } from './tracker-server-log.ts';
import { TrackerMetrics } from './tracker-server-metrics.ts';
import { registryFor, saveCatalogue } from './tracker-server-registry.ts';
import { startErrorOf } from './tracker-server-error.ts';
import { servedUrls } from './tracker-server-urls.ts';
import { listenUdp } from './udp-listener.ts';
import type { UdpSocket } from './udp-socket.ts';
import { CatalogueFile } from './tracker-server-state.ts';

export type TrackerOptions = {
  /** The address to listen on. Default 127.0.0.1; `0.0.0.0` or `::` for all. */
  readonly ip?: string;
  /** Default 8888; 0 takes any that is free. */
  readonly port?: number;
  /** Answer announces and scrapes over UDP as well, on the port of the same number. Default true. */
  readonly udp?: boolean;
  /** Where the catalogue is kept, so that it survives a restart. Undefined: only in memory. */
  readonly state?: string;
  readonly registry?: Partial<RegistryOptions>;
  /** Whom to name to whom; undefined: chance alone decides. */
  readonly locality?: Locality | undefined;
  /** What an earlier tracker knew (`RunningTracker.snapshot`), catalogue and swarms; then `state` is only written. */
  readonly restore?: RegistrySnapshot;
  /** Of the random choice of peers. Undefined: drawn. */
  readonly seed?: number;
  /** Believe the last address in X-Forwarded-For: only behind a proxy that sets it. */
  readonly trustProxy?: boolean;
  readonly limits?: Partial<HttpLimits>;
  /** What goes out in place of an answer: test benches play trackers that lie. */
  readonly disguise?: (request: Omit<HttpRequest, 'date'>, answer: HttpAnswer) => HttpAnswer;
  readonly log?: Logger;
};

export interface RunningTracker extends AsyncDisposable {
  /** Where it listens. */
  readonly address: Endpoint;
  /** Every address it serves, like `http://127.0.0.1:8888`. */
  readonly urls: readonly string[];
  /** For .torrent files and for `announce`. */
  readonly announceUrl: string;
  /** The same over UDP; undefined: it does not listen there. */
  readonly udpAnnounceUrl: string | undefined;
  /** How stale the lists can be after a crash. A peer that says `stopped` leaves at once. */
  readonly expireAfter: Duration;
  /** Everything it knows now. */
  snapshot(): RegistrySnapshot;
  /** Loses every peer, but not the catalogue, and goes on answering. */
  forget(): void;
  /** Ends at once; nothing is left behind. May be called twice. */
  stop(): Promise<void>;
}

/** How often a port is looked for that is free for TCP and for UDP, where any will do. */
const mostPortTries = 20;

/** Rejects with TrackerStartError (the port is taken, ...), or with DiskError when the state cannot be read. */
export async function startTracker(options: TrackerOptions = {}): Promise<RunningTracker> {
  const file = options.state === undefined ? undefined : new CatalogueFile(nodeDisk, options.state);
  const registry = await registryFor(now, options, file);
  const tracker = new Tracker(registry, options, file);
  await tracker.listen();
  return tracker;
}

/** Milliseconds on the machine's steady clock: what one tracker knew is as old for the next. */
const now = (): Instant => performance.now() as Instant;

class Tracker implements RunningTracker {
  readonly #registry: Registry;
  readonly #options: TrackerOptions;
  readonly #file: CatalogueFile | undefined;
  readonly #log: Logger;
  readonly #metrics: TrackerMetrics;
  readonly #tellsAnnounces: boolean;
  readonly #quick: QuickAnnounces;
  readonly #expiry: Expiry;
  #listener: HttpListener | undefined;
  #udp: UdpSocket | undefined;
  #stopping: Promise<void> | undefined;

  constructor(registry: Registry, options: TrackerOptions, file: CatalogueFile | undefined) {
    this.#registry = registry;
    this.#options = options;
    this.#file = file;
    this.#log = options.log ?? silentLogger;
    this.#tellsAnnounces = this.#log.isLevelEnabled?.('info') ?? true;
    this.#quick = new QuickAnnounces({ registry, tellsAnnounces: this.#tellsAnnounces });
    this.#expiry = new Expiry({
      registry,
      clock: now,
      onExpired: (peers) => this.#log.info({ peers }, 'peers left without a word'),
    });
    this.#metrics = new TrackerMetrics(() => registry.handle(now(), { type: 'stats' }));
  }

  get address(): Endpoint {
    if (this.#listener === undefined) throw new Error('the tracker does not listen yet');
    return this.#listener.address;
  }

  get urls(): readonly string[] {
    return servedUrls(this.address);
  }

  get announceUrl(): string {
    return `${this.urls[0] ?? ''}/announce`;
  }

  get udpAnnounceUrl(): string | undefined {
    return this.#udp && this.announceUrl.replace('http:', 'udp:');
  }

  get expireAfter(): Duration {
    return this.#registry.expireAfter;
  }

  async listen(): Promise<void> {
    const { ip = '127.0.0.1', port = 8888, udp = true } = this.#options;
    try {
      for (let tries = 1; ; tries += 1) {
        this.#listener = await this.#listenHttp(ip, port);
        if (!udp || (await this.#listenUdp(port === 0 && tries < mostPortTries))) break;
      }
    } catch (error) {
      await this.#listener?.close();
      throw startErrorOf(error, { ip, port });
    }
    this.#expiry.watch();
  }

  #listenHttp(ip: string, port: number): Promise<HttpListener> {
    const { limits, trustProxy = false } = this.#options;
    return listenHttp({
      ip,
      port,
      trustProxy,
      limits: { ...defaultHttpLimits, ...limits },
      answer: (request) => this.#answer(request),
      onFault: this.#onFault,
    });
  }

  /** Says whether it listens. Where any port will do and the one that HTTP was given is taken, HTTP is closed again. */
  async #listenUdp(mayTryAgain: boolean): Promise<boolean> {
    try {
      this.#udp = await listenUdp({
        address: this.address,
        registry: this.#registry,
        clock: now,
        tellsAnnounces: this.#tellsAnnounces,
        onAnswer: () => this.#expiry.watch(),
        onNews: (news, remoteIp) => logNews(this.#log, news, remoteIp),
        onFault: this.#onFault,
      });
      return true;
    } catch (error) {
      if (!mayTryAgain) throw error;
      await this.#listener?.close();
      return false;
    }
  }

  readonly #onFault = (error: unknown): void =>
    this.#log.error({ error }, 'the tracker failed to answer');

  snapshot(): RegistrySnapshot {
    return this.#registry.snapshot(now());
  }

  forget(): void {
    this.#registry.handle(now(), { type: 'forget' });
    this.#log.info({}, 'every peer forgotten');
  }

  stop(): Promise<void> {
    this.#stopping ??= this.#stop();
    return this.#stopping;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }

  async #stop(): Promise<void> {
    this.#expiry.stop();
    await Promise.all([this.#listener?.close(), this.#udp?.close()]);
    await this.#file?.settled();
  }

  #answer(request: Omit<HttpRequest, 'date'>): HttpAnswer | Promise<HttpAnswer> {
    const answer = this.#quick.answer(now(), request);
    if (answer === undefined) return this.#answerSlowly(request);
    this.#expiry.watch();
    if (answer.news !== undefined) logNews(this.#log, answer.news, request.remoteIp);
    return this.#options.disguise?.(request, answer) ?? answer;
  }

  async #answerSlowly(request: Omit<HttpRequest, 'date'>): Promise<HttpAnswer> {
    const metrics = this.#metrics.answer(request);
    if (metrics !== undefined) return metrics;
    const date = new Date().toISOString();
    const answer = answerHttp(this.#registry, now(), { ...request, date });
    this.#expiry.watch();
    const { news } = answer;
    if (news !== undefined) logNews(this.#log, news, request.remoteIp);
    if (news?.type === 'published' && news.isNew)
      await saveCatalogue(this.#file, this.snapshot().catalogue, this.#log);
    return this.#options.disguise?.(request, answer) ?? answer;
  }
}
