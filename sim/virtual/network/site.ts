/** A host as the network sees it: its two links, its delays, what it is cut off from, and whether anybody is at home. */
import type { Random } from '../../../core/random.ts';
import { type Access, leastDelay } from './access.ts';
import type { Carriage, Scratch } from './item-queue.ts';
import { Link } from './link.ts';
import { type Micros, plus } from '../micros.ts';
import type { Scheduler, Target } from '../scheduler.ts';

/** What all hosts of a network share. */
export type Ground = {
  readonly scheduler: Scheduler;
  readonly carriage: Carriage;
  readonly scratch: Scratch;
  readonly random: (name: string) => Random;
};

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
  /** Whether its machine has no power. */
  isOff = false;
  /** Counts the lives of this host: it begins another when it loses its power or moves. */
  life = 0;
  /** The life that began with its latest move. */
  movedAtLife = 0;
  /** Nothing passes from here to these. */
  blocked: ReadonlySet<Site> = new Set();
  /** Whether what arrives must wait, since the application is suspended or has not caught up yet. */
  isHolding = false;
  bytesSent = 0;
  bytesReceived = 0;

  readonly #delay: Micros;
  readonly #jitter: Micros;
  readonly #jitters: Random;
  #isFrozen = false;
  #written: Written[] = [];
  #held: { readonly by: Held; readonly what: number; readonly detail: number }[] = [];

  constructor(ground: Ground, name: string, access: Access) {
    this.ground = ground;
    this.up = new Link(ground.scheduler, access.upBytesPerSec);
    this.down = new Link(ground.scheduler, access.downBytesPerSec);
    this.loss = access.loss;
    this.isNatted = access.isNatted;
    this.cuts = ground.random(`network/${name}/cuts`);
    this.losses = ground.random(`network/${name}/losses`);
    this.#jitters = ground.random(`network/${name}/jitter`);
    this.#delay = plus(access.delay, leastDelay);
    this.#jitter = access.jitter;
  }

  /** From here to anywhere, one way, without jitter. */
  get delay(): Micros {
    return this.#delay;
  }

  /** From here to anywhere, one way, this time. */
  drawDelay(): Micros {
    if (this.#jitter === 0) return this.#delay;
    return plus(this.#delay, Math.floor(this.#jitters() * (this.#jitter + 1)));
  }

  /** Has the stream flushed at the end of this instant, when all that is written in it has been written. */
  flushSoon(stream: Written): void {
    const { scheduler } = this.ground;
    if (this.#written.length === 0) scheduler.schedule(scheduler.now, this, event.flush);
    this.#written.push(stream);
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

  #flush(): void {
    const written = this.#written;
    this.#written = [];
    for (const stream of written) stream.flush();
  }

  /** In order; the application may be frozen again while it is being told. */
  #replay(): void {
    const held = this.#held;
    let told = 0;
    for (; told < held.length && !this.#isFrozen; told += 1) {
      const { by, what, detail } = held[told] as (typeof held)[number];
      by.resume(what, detail);
    }
    held.splice(0, told);
    this.isHolding = this.#isFrozen || held.length > 0;
  }
}
