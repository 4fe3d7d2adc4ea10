/** A host's disk in virtual time: one arm, so much a second; it can run full, break, and be put right again. */
import type { DiskFailure } from '../../core/swarm/jobs.ts';
import { DiskHealth } from '../disk-health.ts';
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
  /** To be filled, broken and healed. */
  readonly health: DiskHealth = new DiskHealth();
  readonly #scheduler: Scheduler;
  readonly #spec: DiskSpec | undefined;
  #freeAt = 0 as Micros;

  /** Without a spec what was written is read back from memory, and reading takes no time. */
  constructor(scheduler: Scheduler, spec: DiskSpec | undefined) {
    this.#scheduler = scheduler;
    this.#spec = spec;
  }

  /** `done` is called later, with what went wrong if anything did: the disk is as it is when it comes to this. */
  write(bytes: number, done: (failure: DiskFailure | undefined) => void): void {
    const doneAt = this.#doneAt(bytes, this.#spec ?? usualWrite);
    this.#scheduler.at(doneAt, () => done(this.health.write(bytes)));
  }

  /** Reading takes no time: then look at `health` and go on. */
  get isInstant(): boolean {
    return this.#spec === undefined;
  }

  /** `done` is called later. */
  read(bytes: number, done: (failure: DiskFailure | undefined) => void): void {
    const doneAt = this.#doneAt(bytes, this.#spec ?? usualWrite);
    this.#scheduler.at(doneAt, () => done(this.health.failure));
  }

  #doneAt(bytes: number, { bytesPerSec = Infinity, seekMs }: DiskSpec): Micros {
    const begins = Math.max(this.#freeAt, this.#scheduler.now) as Micros;
    const lasts = microsOfMillis(seekMs) + Math.round((bytes * perSec) / bytesPerSec);
    this.#freeAt = plus(begins, lasts);
    return this.#freeAt;
  }
}
