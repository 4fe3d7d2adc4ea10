/** What a run has still to do and when: timed steps, steps that wait for a condition, the next sample. */
import { type Instant, after, start } from '../core/time.ts';
import { type Condition, holds } from './condition.ts';
import type { ConditionalStep, Plan } from './plan.ts';
import type { News } from './progress-watch.ts';
import { StepQueue } from './step-queue.ts';
import type { Step } from './step.ts';
import type { Observation } from './world.ts';

export class Agenda {
  readonly #plan: Plan;
  readonly #steps: StepQueue;
  /** What waits, by what it waits for: a condition that many steps share is looked at once. */
  readonly #waiting = new Map<string, readonly ConditionalStep[]>();
  readonly #missed: ConditionalStep[] = [];
  /** How many of those that wait are the timeline's. */
  #faults = 0;
  #sampleAt: Instant = start;

  constructor(plan: Plan) {
    this.#plan = plan;
    this.#steps = new StepQueue(plan.steps);
    const groups = new Map<string, ConditionalStep[]>();
    for (const step of plan.conditional) {
      const key = keyOf(step.when);
      const group = groups.get(key);
      if (group === undefined) groups.set(key, [step]);
      else group.push(step);
      if (step.cause === 'timeline') this.#faults += 1;
    }
    this.#waiting = groups;
  }

  /** The next moment at which there is something to do. */
  get next(): Instant {
    return Math.min(this.#steps.next ?? Infinity, this.#sampleAt, this.#plan.ends) as Instant;
  }

  /** Takes the steps whose time has come, in order. */
  take(now: Instant): readonly Step[] {
    const due: Step[] = [];
    for (let step = this.#steps.take(now); step !== undefined; step = this.#steps.take(now))
      due.push(step);
    return due;
  }

  isSampleDue = (now: Instant): boolean => this.#sampleAt <= now;

  /** Call with what a peer has just done: steps that wait for no more than that need no sample to come true. */
  hear({ at, peer, type }: News): void {
    this.#ripen(single(type, peer), at);
  }

  /** Call with each observation: what has come true becomes a step, and a fault that comes too late is given up. */
  see(seen: Observation): void {
    while (this.#sampleAt <= seen.at)
      this.#sampleAt = after(this.#sampleAt, this.#plan.sampleEvery);
    for (const [key, [first]] of this.#waiting)
      if (first !== undefined && holds(first.when, seen)) this.#ripen(key, seen.at);
    if (seen.at > this.#plan.faultsUntil && this.#faults > 0) this.#giveUp();
  }

  /** Steps of the timeline whose condition never came true, or too late. */
  get missed(): readonly ConditionalStep[] {
    const waiting = this.#faults === 0 ? [] : [...this.#waiting.values()].flat();
    return [...this.#missed, ...waiting.filter(isFault)];
  }

  /** Nothing is left to play but departures of peers that have yet to complete. */
  get isPlayed(): boolean {
    return this.#steps.size === 0 && this.#faults === 0;
  }

  #ripen(key: string, at: Instant): void {
    const ripe = this.#waiting.get(key) ?? [];
    this.#waiting.delete(key);
    for (const step of ripe) {
      const { action, cause } = step;
      const due = after(at, step.after);
      if (isFault(step)) this.#faults -= 1;
      if (isFault(step) && due > this.#plan.faultsUntil) this.#missed.push(step);
      else this.#steps.push({ at: due, action, cause });
    }
  }

  #giveUp(): void {
    for (const [key, steps] of this.#waiting) {
      const others = steps.filter((step) => !isFault(step));
      if (others.length === steps.length) continue;
      this.#missed.push(...steps.filter(isFault));
      if (others.length === 0) this.#waiting.delete(key);
      else this.#waiting.set(key, others);
    }
    this.#faults = 0;
  }
}

const isFault = ({ cause }: ConditionalStep): boolean => cause === 'timeline';

/** What one peer has done is looked up when it does it; every other condition goes by its text. */
function keyOf({ peers, reached, text }: Condition): string {
  const [peer, second] = peers;
  const isNews = reached.type === 'completed' || reached.type === 'joined';
  return isNews && peer !== undefined && second === undefined ? single(reached.type, peer) : text;
}

const single = (type: News['type'], peer: string): string => `${peer} has ${type}`;
