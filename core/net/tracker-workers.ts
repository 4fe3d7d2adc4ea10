/**
 * A tracker on several cores: workers that share an address and have a share of the swarms each (`tracker-shard.ts`), and this
 * process, which has the catalogue, answers what concerns all of them, keeps the log, and starts a worker anew that was lost.
 */
import { randomBytes, randomInt } from 'node:crypto';
import { performance } from 'node:perf_hooks';
import { sipKeyBytes } from '../bytes/siphash.ts';
import { never } from '../never.ts';
import type { Duration, Instant } from '../time.ts';
import type { Endpoint } from '../torrent/ids.ts';
import { type HttpAnswer, askHttp } from '../tracker/http.ts';
import type { RegistryAnswers, RegistryInput } from '../tracker/registry-input.ts';
import type { RegistrySnapshot, Stats } from '../tracker/registry-snapshot.ts';
import type { Registry } from '../tracker/registry.ts';
import { Sharding, joined } from '../tracker/sharding.ts';
import { nodeDisk } from './disk-node.ts';
import { defaultHttpLimits } from './http-listener.ts';
import { type Logger, silentLogger } from './log.ts';
import { findFreePort } from './tracker-free-port.ts';
import { Fleet } from './tracker-fleet.ts';
import { Post, headquarters } from './tracker-post.ts';
import { startErrorOf } from './tracker-server-error.ts';
import { logNews } from './tracker-server-log.ts';
import { TrackerMetrics } from './tracker-server-metrics.ts';
import { registryFor, saveCatalogue } from './tracker-server-registry.ts';
import { CatalogueFile } from './tracker-server-state.ts';
import { servedUrls } from './tracker-server-urls.ts';
import type { RunningTracker, TrackerOptions } from './tracker-server.ts';
import type { BareRequest, HeadQuestion } from './tracker-worker-letters.ts';

/** What is a function cannot be given to another process. */
export type TrackerWorkersOptions = Omit<TrackerOptions, 'disguise' | 'locality'> & {
  /** How many processes, each with its share of the swarms; limits hold for each of them. */
  readonly workers: number;
};

export interface RunningTrackerWorkers extends Omit<RunningTracker, 'snapshot' | 'forget'> {
  /** Everything it knows now. Rejects when a worker is gone. */
  snapshot(): Promise<RegistrySnapshot>;
  /** Loses every peer, but not the catalogue, and goes on answering. */
  forget(): Promise<void>;
}

type Answer = RegistryAnswers[keyof RegistryAnswers];

/** How often a port is looked for that is still free when the workers come. */
const mostPortTries = 20;
/** Until a lost worker is started anew: one that dies as soon as it runs must not keep a core busy with starting it. */
const restartPauseMs = 500;

const now = (): Instant => performance.now() as Instant;

/** Rejects as `startTracker` does. */
export async function startTrackerWorkers(
  options: TrackerWorkersOptions,
): Promise<RunningTrackerWorkers> {
  const file = options.state === undefined ? undefined : new CatalogueFile(nodeDisk, options.state);
  const registry = await registryFor(now, options, file);
  const known = registry.snapshot(now());
  // The swarms are the workers' business.
  registry.handle(now(), { type: 'forget' });
  const tracker = new TrackerWorkers(registry, options, file);
  await tracker.begin(known);
  return tracker;
}

class TrackerWorkers implements RunningTrackerWorkers {
  readonly #registry: Registry;
  readonly #options: TrackerWorkersOptions;
  readonly #file: CatalogueFile | undefined;
  readonly #log: Logger;
  readonly #sharding: Sharding;
  readonly #fleet: Fleet;
  readonly #post: Post<HeadQuestion>;
  readonly #metrics: TrackerMetrics;
  readonly #secret = randomBytes(sipKeyBytes);
  readonly #seed: number;
  #port = 0;
  /** Publications one after the other, so that ids are the same everywhere. */
  #publishing: Promise<unknown> = Promise.resolve();
  readonly #restarts = new Set<NodeJS.Timeout>();
  #stopping: Promise<void> | undefined;

  constructor(registry: Registry, options: TrackerWorkersOptions, file: CatalogueFile | undefined) {
    this.#registry = registry;
    this.#options = options;
    this.#file = file;
    this.#log = options.log ?? silentLogger;
    this.#seed = options.seed ?? randomInt(2 ** 31);
    this.#sharding = new Sharding(options.workers, registry.options);
    this.#post = new Post({
      place: headquarters,
      linkTo: (place) => this.#fleet.linkTo(place),
      answer: (question) => this.#answer(question),
    });
    this.#fleet = new Fleet({
      onLetters: (letters) => this.#post.take(letters),
      onLoss: (shard) => this.#replace(shard),
    });
    this.#metrics = new TrackerMetrics(
      async () => (await this.#handle({ type: 'stats' })) as Stats,
    );
  }

  get address(): Endpoint {
    return { ip: this.#options.ip ?? '127.0.0.1', port: this.#port };
  }

  get urls(): readonly string[] {
    return servedUrls(this.address);
  }

  get announceUrl(): string {
    return `${this.urls[0] ?? ''}/announce`;
  }

  get udpAnnounceUrl(): string | undefined {
    return this.#options.udp === false ? undefined : this.announceUrl.replace('http:', 'udp:');
  }

  get expireAfter(): Duration {
    return this.#registry.expireAfter;
  }

  async begin(known: RegistrySnapshot): Promise<void> {
    const { ip = '127.0.0.1', port = 8888, workers } = this.#options;
    const shards = Array.from({ length: workers }, (_, shard) => shard);
    const parts = this.#sharding.split(known);
    for (const shard of shards) this.#fleet.launch(shard);
    try {
      for (let tries = 1; ; tries += 1) {
        this.#port = port === 0 ? await findFreePort(ip) : port;
        const isIn = await this.#beginOne(0, parts[0], port === 0 && tries < mostPortTries);
        if (isIn) break;
      }
      await Promise.all(shards.slice(1).map((shard) => this.#beginOne(shard, parts[shard], false)));
    } catch (error) {
      await this.stop();
      throw startErrorOf(error, { ip, port });
    }
  }

  /** Says whether it listens; where the port may be another, that it does not is no error. */
  async #beginOne(
    shard: number,
    known: RegistrySnapshot | undefined,
    mayTryAgain: boolean,
  ): Promise<boolean> {
    const { ip, port } = this.address;
    const { limits, registry = {}, trustProxy = false, udp = true } = this.#options;
    const beginning = {
      ...{ shard, shards: this.#sharding.count, ip, port, udp, trustProxy, registry },
      limits: { ...defaultHttpLimits, ...limits },
      seed: this.#seed,
      secret: this.#secret,
      known: known ?? { catalogue: this.#catalogue, swarms: { downloaded: [], peers: [] } },
      tellsAnnounces: this.#log.isLevelEnabled?.('info') ?? true,
    };
    try {
      await this.#post.ask(shard, { type: 'begin', beginning });
      return true;
    } catch (error) {
      if (!mayTryAgain) throw error;
      return false;
    }
  }

  get #catalogue(): RegistrySnapshot['catalogue'] {
    return this.#registry.snapshot(now()).catalogue;
  }

  /** A worker was lost, and its peers with it: they come back when they announce the next time. */
  #replace(shard: number): void {
    this.#post.lose(shard);
    if (this.#stopping !== undefined) return;
    this.#log.error(
      { worker: shard },
      'a worker of the tracker has ended; its peers are forgotten',
    );
    const timer = setTimeout(() => {
      this.#restarts.delete(timer);
      this.#fleet.launch(shard);
      this.#beginOne(shard, undefined, false).catch((error: unknown) =>
        this.#log.error({ error, worker: shard }, 'a worker of the tracker does not start'),
      );
    }, restartPauseMs);
    this.#restarts.add(timer);
  }

  async snapshot(): Promise<RegistrySnapshot> {
    const ask = (_: unknown, shard: number): Promise<RegistrySnapshot> =>
      this.#post.ask(shard, { type: 'snapshot' });
    const parts = await Promise.all(Array.from({ length: this.#sharding.count }, ask));
    return { ...joined(parts), catalogue: this.#catalogue };
  }

  async forget(): Promise<void> {
    await this.#handle({ type: 'forget' });
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
    for (const timer of this.#restarts) clearTimeout(timer);
    await this.#fleet.stop();
    await this.#file?.settled();
  }

  #answer(question: HeadQuestion): unknown {
    switch (question.type) {
      case 'request':
        return this.#answerRequest(question.request);
      case 'news':
        return logNews(this.#log, question.news, question.remoteIp);
      case 'expired':
        return this.#log.info({ peers: question.peers }, 'peers left without a word');
      case 'fault':
        return this.#log.error({ error: question.message }, 'the tracker failed to answer');
      default:
        return never(question);
    }
  }

  async #answerRequest(request: BareRequest): Promise<HttpAnswer> {
    const metrics = this.#metrics.answer(request);
    if (metrics !== undefined) return metrics;
    const date = new Date().toISOString();
    const asked = askHttp(this.#registry, { ...request, date });
    const { news, ...answer } =
      'status' in asked ? asked : asked.told(await this.#handle(asked.input));
    if (news !== undefined) logNews(this.#log, news, request.remoteIp);
    return answer;
  }

  #handle(input: RegistryInput): Promise<Answer> | Answer {
    if (input.type === 'torrent-file') return this.#registry.handle(now(), input);
    if (input.type === 'publish') return this.#publish(input);
    return this.#handleInShards(input);
  }

  async #handleInShards(input: RegistryInput): Promise<Answer> {
    const ask = async (part: RegistryInput | undefined, shard: number): Promise<Answer> =>
      part && this.#post.ask<Answer>(shard, { type: 'registry', input: part });
    const answers = await Promise.all(this.#sharding.asked(input).map(ask));
    return this.#sharding.merged(input, answers);
  }

  /** It is in the catalogue here, in the file and in every shard before anybody is told of it. */
  #publish(input: Extract<RegistryInput, { readonly type: 'publish' }>): Promise<Answer> {
    const published = this.#publishing.then(async () => {
      const answer = this.#registry.handle(now(), input);
      if (answer.type !== 'published' || !answer.isNew) return answer;
      await Promise.all([
        this.#handleInShards(input),
        saveCatalogue(this.#file, this.#catalogue, this.#log),
      ]);
      return answer;
    });
    this.#publishing = published.catch(() => undefined);
    return published;
  }
}
