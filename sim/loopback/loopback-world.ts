/** The loopback world: real peers and a real tracker, each at an address of its own, over TCP through the kernel. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Instant } from '../../core/time.ts';
import { beyondLoopback, type Capability, everyCapability } from '../capability.ts';
import type { Plan } from '../plan.ts';
import { isNews } from '../progress-watch.ts';
import type {
  Action,
  Ending,
  Leak,
  Observation,
  RecordedEvent,
  Started,
  StopSignal,
  TrackerWord,
  World,
} from '../world.ts';
import { Addresses, usualMode, type AddressMode } from './addresses.ts';
import { Cast } from './cast.ts';
import { Census } from './census.ts';
import { makeContents, type Content } from './contents.ts';
import { environmentOf, packageDir } from './environment.ts';
import { RunClock } from './run-clock.ts';
import { TrackerSeat } from './tracker-seat.ts';

export type LoopbackOptions = {
  /** Where `{ file }` contents are looked for. Default: `input/` of this package. */
  readonly inputDir?: string;
  /** Where the run's own directory is made, and removed again. Default: the system's place for such. */
  readonly tempDir?: string;
  /** Default: what the platform usually has. */
  readonly addresses?: AddressMode;
};

/** A world for one run. Dispose of it in any case: then nothing of the run is left, whatever happened. */
export const loopbackWorld = (options: LoopbackOptions = {}): World => new LoopbackWorld(options);

/** Peers that share an address cannot be told apart by it. */
const needsAddresses: ReadonlySet<Capability> = new Set(['cut', 'heal', 'disconnect'] as const);

/** What there is once a run has begun. */
type Setting = {
  readonly plan: Plan;
  readonly contents: readonly Content[];
  readonly tracker: TrackerSeat;
  readonly cast: Cast;
};

/** How long everything together may take to end when the world is disposed of. */
const disposeLimitMs = 5_000;

class LoopbackWorld implements World {
  readonly name = 'loopback';
  readonly #options: LoopbackOptions;
  readonly #mode: AddressMode;
  readonly #clock = new RunClock();
  #events: RecordedEvent[] = [];
  readonly #leaks: Leak[] = [];
  #dir: string | undefined;
  #census: Census | undefined;
  #tracker: TrackerSeat | undefined;
  #setting: Setting | undefined;

  constructor(options: LoopbackOptions) {
    this.#options = options;
    this.#mode = options.addresses ?? usualMode(process.platform);
  }

  get supports(): ReadonlySet<Capability> {
    const able = [...everyCapability].filter((one) => !beyondLoopback.has(one));
    return new Set(able.filter((one) => this.#mode === 'own' || !needsAddresses.has(one)));
  }

  get now(): Instant {
    return this.#clock.now;
  }

  async start(plan: Plan, signal: StopSignal): Promise<Started> {
    const startedAt = new Date().toISOString();
    const { inputDir = join(packageDir, 'input'), tempDir = tmpdir() } = this.#options;
    const addresses = new Addresses(plan.peers, { mode: this.#mode });
    const dir = await mkdtemp(join(tempDir, `swarmproof-${plan.scenario}-`));
    this.#dir = dir;
    this.#census = new Census({ isOurs: (ip) => addresses.has(ip), dir });
    const tracker = new TrackerSeat({
      plan,
      ip: addresses.trackerIp,
      dir,
      nameAt: (ip) => addresses.nameAt(ip),
    });
    this.#tracker = tracker;
    await tracker.start();
    const { seed } = plan;
    const { announceUrl } = tracker;
    const contents = await makeContents(plan.contents, {
      dir: join(dir, 'contents'),
      inputDir,
      announceUrl,
      seed,
    });
    if (signal.aborted) throw new Error('ended before it began');
    const cast = new Cast({
      plan,
      contents,
      addresses,
      dir: join(dir, 'peers'),
      onEvent: (peer, { at, event }) => {
        this.#events.push({ at: this.#clock.at(at), peer, ...event });
        if (isNews(event)) this.#clock.interrupt();
      },
      onLeak: (leak) => this.#leaks.push(leak),
    });
    this.#setting = { plan, contents, tracker, cast };
    this.#clock.start();
    return {
      contents: contents.map(({ facts }) => facts),
      environment: { ...environmentOf(this.#mode, startedAt), peers: cast.homes },
    };
  }

  async perform(action: Action): Promise<void> {
    await this.#perform(action);
    await this.#clock.moveOn();
  }

  advance(until: Instant, signal: StopSignal): Promise<void> {
    return this.#clock.waitUntil(until, signal);
  }

  /** Peers answer at `at` or later, so that what they had done by then is counted. */
  async observe(): Promise<Observation> {
    const { cast } = this.#begun;
    const at = this.now;
    const [peers, tracker] = await Promise.all([cast.observe(), this.#askTracker()]);
    return { at, peers, tracker };
  }

  drain(): readonly RecordedEvent[] {
    return this.#events.splice(0).sort((a, b) => a.at - b.at);
  }

  async finish(): Promise<Ending> {
    const { tracker, cast } = this.#begun;
    await cast.leaveAll();
    await tracker.stop();
    const files = await cast.files();
    const temporary = await cast.temporaryFiles();
    const counted = (await this.#census?.take()) ?? [];
    const undeleted = await this.#removeDir();
    return {
      files,
      pairs: cast.pairs,
      claimsHeld: cast.claimsHeld,
      leaks: [...this.#leaks, ...temporary, ...counted, ...undeleted],
    };
  }

  /** Ends whatever still runs, at once; harmless after `finish`. */
  async [Symbol.asyncDispose](): Promise<void> {
    const ended = Promise.all([this.#setting?.cast.crashAll(), this.#tracker?.stop()]);
    await Promise.race([
      ended,
      new Promise((resolve) => setTimeout(resolve, disposeLimitMs).unref()),
    ]);
    this.#census?.dispose();
    await this.#removeDir();
  }

  get #begun(): Setting {
    if (this.#setting === undefined) throw new Error('the world was not started');
    return this.#setting;
  }

  async #perform(action: Action): Promise<void> {
    const { tracker, cast } = this.#begun;
    switch (action.type) {
      case 'tracker-stop':
        return tracker.stop();
      case 'tracker-restart':
        return tracker.restart();
      case 'tracker-forget':
        return tracker.forget();
      case 'join':
        await this.#upload(action.peer);
        return cast.perform(action);
      default:
        return cast.perform(action);
    }
  }

  /** Whoever comes with a content first uploads it to the tracker's list, as the menu of a peer does. */
  async #upload(peer: string): Promise<void> {
    const { plan, tracker, contents } = this.#begun;
    const spec = plan.peers.find(({ name }) => name === peer);
    for (const { content } of spec?.contents ?? []) {
      const shared = contents[content];
      if (shared !== undefined) await tracker.publish(shared);
    }
  }

  async #askTracker(): Promise<TrackerWord> {
    const { tracker, contents } = this.#begun;
    const askedAt = this.now;
    try {
      const torrents = await tracker.ask(contents);
      return { askedAt, answeredAt: this.now, torrents };
    } catch (error) {
      const failure = error instanceof Error ? error.message : String(error);
      return { askedAt, answeredAt: this.now, failure, torrents: [] };
    }
  }

  async #removeDir(): Promise<readonly Leak[]> {
    const dir = this.#dir;
    if (dir === undefined) return [];
    try {
      await rm(dir, { recursive: true, force: true });
      return [];
    } catch (error) {
      return [{ kind: 'temporary-file', what: `${dir}: ${String(error)}` }];
    }
  }
}
