/** A host as the network sees it: its two links, its delays, what it is cut off from, and whether anybody is at home. */
import type { Random } from '../../../core/random.ts';
import { type Access, leastDelay } from './access.ts';
import type { Ground } from './ground.ts';
import { Link } from './link.ts';
import { type Micros, plus } from '../micros.ts';
import type { Target } from '../scheduler.ts';

/** Something that can be told later what it was to hear now. */
export interface Held {
  resume(what: number, detail: number): void;
}

/** A stream with something written in this instant. */
export interface Written {
  flush(): void;
}

const event = { flush: 0, replay: 1 } as const;

export class Site implements Target {
  readonly ground: Ground;
  readonly up: Link;
  readonly down: Link;
  readonly loss: number;
  readonly isNatted: boolean;
  /** Where segments are cut, and which are lost. */
  readonly cuts: Random;
  readonly losses: Random;
  /** From here to anywhere, one way, without jitter. */
  readonly delay: Micros;
  /** Whether what arrives must wait, since the application is suspended or has not caught up yet. */
  isHolding = false;
  bytesSent = 0;
  bytesReceived = 0;

  readonly #jitter: Micros;
  readonly #jitters: Random;
  #isOff = false;
  #life = 0;
  #movedAtLife = 0;
  #blocked: ReadonlySet<Site> = new Set();
  #isFrozen = false;
  /** The streams to be flushed at the end of this instant, the first `#writtenCount` of the array, and a second array to change with. */
  #written: Written[] = [];
  #writtenCount = 0;
  #flushing: Written[] = [];
  #held: { readonly by: Held; readonly what: number; readonly detail: number }[] = [];

  constructor(ground: Ground, name: string, access: Access) {
    this.ground = ground;
    this.up = new Link(ground.scheduler, access.upBytesPerSec);
    this.down = new Link(ground.scheduler, access.downBytesPerSec);
    this.loss = access.loss;
    this.isNatted = access.isNatted;
    this.cuts = ground.random(`network/${name}/cuts`);
    this.losses = ground.random(`network/${name}/losses`);
    this.delay = plus(access.delay, leastDelay);
    this.#jitter = access.jitter;
    this.#jitters = ground.random(`network/${name}/jitter`);
  }

  /** Whether its machine has no power. */
  get isOff(): boolean {
    return this.#isOff;
  }

  /** Counts the lives of this host: it begins another when it loses its power or moves. */
  get life(): number {
    return this.#life;
  }

  /** The life that began with its latest move. */
  get movedAtLife(): number {
    return this.#movedAtLife;
  }

  /** Nothing passes from here to these. */
  get blocked(): ReadonlySet<Site> {
    return this.#blocked;
  }

  block(sites: ReadonlySet<Site>): void {
    this.#blocked = sites;
    this.ground.weather += 1;
  }

  cutPower(): void {
    this.#isOff = true;
    this.#life += 1;
    this.ground.weather += 1;
  }

  restorePower(): void {
    this.#isOff = false;
    this.ground.weather += 1;
  }

  move(): void {
    this.#life += 1;
    this.#movedAtLife = this.#life;
    this.ground.weather += 1;
  }

  /** From here to anywhere, one way, this time. */
  drawDelay(): Micros {
    if (this.#jitter === 0) return this.delay;
    return plus(this.delay, Math.floor(this.#jitters() * (this.#jitter + 1)));
  }

  /** Has the stream flushed at the end of this instant, when all that is written in it has been written. */
  flushSoon(stream: Written): void {
    const { scheduler } = this.ground;
    if (this.#writtenCount === 0) scheduler.schedule(scheduler.now, this, event.flush);
    this.#written[this.#writtenCount] = stream;
    this.#writtenCount += 1;
  }

  freeze(): void {
    this.#isFrozen = true;
    this.isHolding = true;
  }

  thaw(): void {
    this.#isFrozen = false;
    const { scheduler } = this.ground;
    if (this.isHolding) scheduler.schedule(scheduler.now, this, event.replay);
  }

  hold(by: Held, what: number, detail: number): void {
    this.#held.push({ by, what, detail });
  }

  /** The application is no more, and what it was to hear is lost with it. */
  silence(): void {
    this.#isFrozen = false;
    this.isHolding = false;
    this.#held = [];
  }

  fire(what: number): void {
    if (what === event.flush) this.#flush();
    else this.#replay();
  }

  /** Those that write when they hear that something was sent are flushed in another round. */
  #flush(): void {
    const [written, count] = [this.#written, this.#writtenCount];
    this.#written = this.#flushing;
    this.#writtenCount = 0;
    this.#flushing = written;
    for (let i = 0; i < count; i += 1) written[i]?.flush();
  }

  /** In order; the application may be frozen again, or end, while it is being told. */
  #replay(): void {
    const held = this.#held;
    let told = 0;
    for (; told < held.length && !this.#isFrozen && held === this.#held; told += 1) {
      const { by, what, detail } = held[told] as (typeof held)[number];
      by.resume(what, detail);
    }
    held.splice(0, told);
    this.isHolding = this.#isFrozen || this.#held.length > 0;
  }
}
