/** What a run has still to do and when: timed steps, steps that wait for a condition, the next sample. */
import { type Instant, after, start } from '../core/time.ts';
import { holds } from './condition.ts';
import type { ConditionalStep, Plan, Step } from './plan.ts';
import type { Observation } from './world.ts';

export class Agenda {
  readonly #plan: Plan;
  #steps: readonly Step[];
  #waiting: readonly ConditionalStep[];
  #missed: readonly ConditionalStep[] = [];
  #sampleAt: Instant = start;

  constructor(plan: Plan) {
    this.#plan = plan;
    this.#steps = plan.steps;
    this.#waiting = plan.conditional;
  }

  /** The next moment at which there is something to do. */
  get next(): Instant {
    return Math.min(this.#steps[0]?.at ?? Infinity, this.#sampleAt, this.#plan.ends) as Instant;
  }

  /** Takes the steps whose time has come, in order. */
  take(now: Instant): readonly Step[] {
    const due = this.#steps.filter(({ at }) => at <= now);
    this.#steps = this.#steps.slice(due.length);
    return due;
  }

  isSampleDue = (now: Instant): boolean => this.#sampleAt <= now;

  /** Call with each observation: what has come true becomes a step, and a fault that comes too late is given up. */
  see(seen: Observation): void {
    while (this.#sampleAt <= seen.at)
      this.#sampleAt = after(this.#sampleAt, this.#plan.sampleEvery);
    const ripe = this.#waiting.filter(({ when }) => holds(when, seen));
    this.#waiting = this.#waiting.filter((step) => !ripe.includes(step));
    const steps = ripe.map(({ after: wait, ...step }) => ({ ...step, at: after(seen.at, wait) }));
    const inTime = steps.filter((step) => !this.#isLate(step));
    this.#missed = [
      ...this.#missed,
      ...ripe.filter((_, i) => !inTime.includes(steps[i] as (typeof steps)[number])),
    ];
    this.#steps = [
      ...this.#steps,
      ...inTime.map(({ at, action, cause }) => ({ at, action, cause })),
    ]
      .map((step, order) => ({ step, order }))
      .sort((a, b) => a.step.at - b.step.at || a.order - b.order)
      .map(({ step }) => step);
    if (seen.at > this.#plan.faultsUntil) this.#giveUp();
  }

  /** Steps of the timeline whose condition never came true, or too late. */
  get missed(): readonly ConditionalStep[] {
    return [...this.#missed, ...this.#waiting.filter(({ cause }) => cause === 'timeline')];
  }

  /** Nothing is left to play but departures of peers that have yet to complete. */
  get isPlayed(): boolean {
    return this.#steps.length === 0 && this.#waiting.every(({ cause }) => cause === 'group');
  }

  #isLate = ({ at, cause }: Step): boolean => cause === 'timeline' && at > this.#plan.faultsUntil;

  #giveUp(): void {
    const late = this.#waiting.filter(({ cause }) => cause === 'timeline');
    this.#waiting = this.#waiting.filter((step) => !late.includes(step));
    this.#missed = [...this.#missed, ...late];
  }
}
