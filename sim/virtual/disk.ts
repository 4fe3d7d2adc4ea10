/** A host's disk in virtual time: one arm, so much a second; it can run full, break, and be put right again. */
import type { DiskFailure } from '../../core/swarm/jobs.ts';
import { type Micros, microsOfMillis, plus } from './micros.ts';
import type { Scheduler } from './scheduler.ts';

export type DiskSpec = {
  /** Reading and writing together. */
  readonly bytesPerSec?: number;
  readonly seekMs: number;
};

/** An ordinary solid-state disk: what matters is that a write is not done the moment it is asked for. */
const usualWrite: Required<DiskSpec> = { bytesPerSec: 500e6, seekMs: 0.1 };

const perSec = 1e6;

export class VirtualDisk {
  readonly #scheduler: Scheduler;
  readonly #spec: DiskSpec | undefined;
  #freeAt = 0 as Micros;
  #roomBytes = Infinity;
  #isBroken = false;

  /** Without a spec what was written is read back from memory, and reading takes no time. */
  constructor(scheduler: Scheduler, spec: DiskSpec | undefined) {
    this.#scheduler = scheduler;
    this.#spec = spec;
  }

  /** From now on it takes so many bytes more. */
  fill(afterBytes: number): void {
    this.#roomBytes = afterBytes;
  }

  /** Nothing can be read or written any more. */
  break(): void {
    this.#isBroken = true;
  }

  /** There is room again, and everything works. */
  heal(): void {
    this.#roomBytes = Infinity;
    this.#isBroken = false;
  }

  /** `done` is called later, with what went wrong if anything did: the disk is as it is when it comes to this. */
  write(bytes: number, done: (failure: DiskFailure | undefined) => void): void {
    this.#scheduler.at(this.#doneAt(bytes, this.#spec ?? usualWrite), () => {
      const failure = this.#writeFailure(bytes);
      if (failure === undefined) this.#roomBytes -= bytes;
      done(failure);
    });
  }

  /** Reading takes no time: then look at `failure` and go on. */
  get isInstant(): boolean {
    return this.#spec === undefined;
  }

  /** What is wrong with reading, at this moment. */
  get failure(): DiskFailure | undefined {
    return this.#isBroken ? broken : undefined;
  }

  /** `done` is called later. */
  read(bytes: number, done: (failure: DiskFailure | undefined) => void): void {
    this.#scheduler.at(this.#doneAt(bytes, this.#spec ?? usualWrite), () => done(this.failure));
  }

  #writeFailure(bytes: number): DiskFailure | undefined {
    if (this.#isBroken) return broken;
    return bytes > this.#roomBytes ? full : undefined;
  }

  #doneAt(bytes: number, { bytesPerSec = Infinity, seekMs }: DiskSpec): Micros {
    const begins = Math.max(this.#freeAt, this.#scheduler.now) as Micros;
    const lasts = microsOfMillis(seekMs) + Math.round((bytes * perSec) / bytesPerSec);
    this.#freeAt = plus(begins, lasts);
    return this.#freeAt;
  }
}

const full: DiskFailure = { code: 'disk-full', message: 'ENOSPC: no space left on device' };
const broken: DiskFailure = { code: 'io', message: 'EIO: i/o error' };
