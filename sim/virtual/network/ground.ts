/** What all hosts of a network share. */
import type { Random } from '../../../core/random.ts';
import { type Carriage, Scratch } from './item-queue.ts';
import type { Scheduler } from '../scheduler.ts';

export class Ground {
  readonly scheduler: Scheduler;
  readonly carriage: Carriage;
  readonly scratch: Scratch = new Scratch();
  /** A stream of its own for each name. */
  readonly random: (name: string) => Random;
  /** Counts the changes in who reaches whom, so that streams need not ask anew for every packet. */
  weather = 0;

  constructor(scheduler: Scheduler, carriage: Carriage, random: (name: string) => Random) {
    this.scheduler = scheduler;
    this.carriage = carriage;
    this.random = random;
  }
}
