/** The virtual world: the same machines in virtual time over simulated links, in one thread, from one seed. */
import { type Instant, after, millis } from '../../core/time.ts';
import { randomStream } from '../../core/random.ts';
import { sameBytes } from '../../core/bytes/hex.ts';
import type { SwarmEvent } from '../../core/swarm/event.ts';
import type { BlockRef } from '../../core/torrent/pieces.ts';
import type { Action } from '../action.ts';
import { everyCapability } from '../capability.ts';
import { isHostile } from '../hostile/kinds.ts';
import type { Plan } from '../plan.ts';
import { isNews } from '../progress-watch.ts';
import type {
  Ending,
  Leak,
  Observation,
  RecordedEvent,
  Started,
  StopSignal,
  TrackerWord,
  World,
} from '../world.ts';
import { numberAt } from './addresses.ts';
import { isHonest } from './block.ts';
import { Cast, type Done } from './cast.ts';
import { type VirtualContent, makeContents } from './content.ts';
import { ElidedMatter } from './elided-matter.ts';
import { ExactMatter } from './exact-matter.ts';
import type { Fidelity } from './fidelity.ts';
import { microsOf, millisOf } from './micros.ts';
import { Network } from './network/network.ts';
import { Scheduler } from './scheduler.ts';
import type { Tools } from '../tools.ts';
import type { Witness, WitnessFacts } from '../witness.ts';
import { VirtualTracker, announceUrl } from './tracker.ts';

export type VirtualOptions = {
  readonly fidelity: Fidelity;
  readonly tools: Tools;
  /** Makes somebody who looks on; what it finds wrong joins the checks. */
  readonly witness?: (facts: WitnessFacts) => Witness;
};

/** A world for one run. */
export const virtualWorld = (options: VirtualOptions): World => new VirtualWorld(options);

/** What there is once a run has begun. */
type Setting = {
  readonly contents: readonly VirtualContent[];
  readonly network: Network;
  readonly tracker: VirtualTracker;
  readonly cast: Cast;
  readonly witness: Witness | undefined;
};

/** How long everybody together may take to say farewell at the end: longer than a farewell to a tracker that is gone. */
const farewellLimit = millis(60_000);

class VirtualWorld implements World {
  readonly name = 'virtual';
  readonly supports = everyCapability;
  readonly #options: VirtualOptions;
  readonly #scheduler = new Scheduler();
  #events: RecordedEvent[] = [];
  #setting: Setting | undefined;

  constructor(options: VirtualOptions) {
    this.#options = options;
  }

  /** The world always stands at a whole millisecond, before anything has happened in it. */
  get now(): Instant {
    return millisOf(this.#scheduler.now);
  }

  start(plan: Plan, signal: StopSignal): Promise<Started> {
    const { fidelity, tools } = this.#options;
    const scheduler = this.#scheduler;
    const { seed } = plan;
    const contents = makeContents(plan.contents, { tools, fidelity, announceUrl, seed });
    if (signal.aborted) return Promise.reject(new Error('ended before it began'));
    const matter = fidelity === 'elided' ? new ElidedMatter() : new ExactMatter(tools);
    const witness = this.#options.witness?.({
      plan,
      contents: contents.map(({ facts }) => facts),
      isHonest: (infoHash, block, bytes) => {
        const content = contents.find(({ facts }) => facts.infoHash === infoHash);
        return content !== undefined && isOfSource(content, block, bytes);
      },
      isHostileAt: (ip) => {
        const spec = plan.peers.find(({ number }) => number === numberAt(ip));
        return spec === undefined || isHostile(spec);
      },
    });
    const tracker = new VirtualTracker({ plan, scheduler, tools, witness });
    const network = new Network(scheduler, {
      carriage: matter.form,
      random: (name) => randomStream(seed, `network/${name}`),
    });
    const onEvent = (peer: string, event: SwarmEvent): void => this.#heard(peer, event);
    const cast = new Cast({
      ...{ plan, contents, matter, scheduler, network, tracker, tools, onEvent, witness },
    });
    this.#setting = { contents, network, tracker, cast, witness };
    return Promise.resolve({
      contents: contents.map(({ facts }) => facts),
      environment: { ...tools.environment, backend: 'virtual time', fidelity },
    });
  }

  /** What is done at once returns nothing; the rest is done some virtual time later, and `advance` stops there. */
  perform(action: Action): Promise<void> | void {
    const { tracker, cast } = this.#begun;
    switch (action.type) {
      case 'tracker-stop':
        return tracker.stop();
      case 'tracker-restart':
        return tracker.restart();
      case 'tracker-forget':
        return tracker.forget();
      default: {
        let settle: Done = () => undefined;
        const isDone = cast.perform(action, () => settle());
        if (isDone) return undefined;
        return new Promise((resolve) => {
          settle = () => {
            resolve();
            this.#scheduler.interrupt();
          };
        });
      }
    }
  }

  advance(until: Instant, signal: StopSignal): Promise<void> {
    if (!signal.aborted) this.#advance(until);
    return Promise.resolve();
  }

  observe(): Observation {
    return { at: this.now, peers: this.#begun.cast.observe(), tracker: this.#askTracker() };
  }

  drain(): readonly RecordedEvent[] {
    const events = this.#events;
    this.#events = [];
    return events;
  }

  finish(): Promise<Ending> {
    const { cast, tracker, network, witness } = this.#begun;
    const leaving = cast.up;
    let left = 0;
    for (const seat of leaving)
      seat.leave(() => {
        left += 1;
        if (left === leaving.length) this.#scheduler.interrupt();
      });
    const late = after(this.now, farewellLimit);
    while (left < leaving.length && this.now < late) this.#advance(late);
    const leaks: Leak[] = cast.up.map(({ spec }) => ({
      kind: 'other',
      what: `${spec.name} did not stop`,
    }));
    tracker.stop();
    const { fidelity } = this.#options;
    return Promise.resolve({
      files: cast.files(),
      pairs: cast.pairs,
      leaks: [...leaks, ...leaksOf(network)],
      simulated: { fidelity, events: this.#scheduler.fired },
      ...(witness !== undefined && { checks: witness.checks }),
    });
  }

  [Symbol.asyncDispose](): Promise<void> {
    // Nothing of it lies outside of this program's memory.
    this.#setting = undefined;
    return Promise.resolve();
  }

  get #begun(): Setting {
    if (this.#setting === undefined) throw new Error('the world was not started');
    return this.#setting;
  }

  /** Stops early after an interruption, at the next whole millisecond. */
  #advance(until: Instant): void {
    const scheduler = this.#scheduler;
    scheduler.runBefore(microsOf(until));
    const stopped = millisOf(scheduler.now);
    if (stopped >= until) return;
    const next = microsOf(after(stopped, millis(1)));
    while (scheduler.now < next) scheduler.runBefore(next);
  }

  #heard(peer: string, event: SwarmEvent): void {
    this.#events.push({ at: this.now, peer, ...event });
    if (isNews(event)) this.#scheduler.interrupt();
  }

  #askTracker(): TrackerWord {
    const at = this.now;
    const { tracker, contents } = this.#begun;
    const torrents = tracker.ask(contents);
    const word = { askedAt: at, answeredAt: at };
    return torrents === undefined
      ? { ...word, failure: 'connection refused', torrents: [] }
      : { ...word, torrents };
  }
}

/** Whether a block is what the source has there. */
function isOfSource({ bytes, pieces }: VirtualContent, ref: BlockRef, block: Uint8Array): boolean {
  if (bytes === undefined) return isHonest(block);
  const from = pieces.offsetOf(ref.piece) + ref.begin;
  return sameBytes(block, bytes.subarray(from, from + block.length));
}

/** Connections that outlive everybody. */
function leaksOf(network: Network): readonly Leak[] {
  const { openSockets } = network;
  return openSockets === 0 ? [] : [{ kind: 'socket', what: `${openSockets} connections` }];
}
