/** A world that computes for long looks up now and then, so that Ctrl+C is heard and bars are drawn. */
import { performance } from 'node:perf_hooks';
import { setImmediate } from 'node:timers/promises';
import type { Instant } from '../../core/time.ts';
import type { Plan } from '../../sim/plan.ts';
import type {
  Action,
  Ending,
  Observation,
  RecordedEvent,
  Started,
  StopSignal,
  World,
} from '../../sim/world.ts';

/** Nobody feels a wait of so long, and looking up so seldom costs nothing. */
const breathEveryMs = 50;

/** The world itself, with pauses of the real clock, which virtual time does not feel. */
export class BreathingWorld implements World {
  readonly name: World['name'];
  readonly supports: World['supports'];
  readonly #world: World;
  #breathedAt = performance.now();

  constructor(world: World) {
    this.name = world.name;
    this.supports = world.supports;
    this.#world = world;
  }

  get now(): Instant {
    return this.#world.now;
  }

  start(plan: Plan, signal: StopSignal): Promise<Started> {
    return this.#world.start(plan, signal);
  }

  perform(action: Action): Promise<void> | void {
    return this.#world.perform(action);
  }

  async advance(until: Instant, signal: StopSignal): Promise<void> {
    await this.#world.advance(until, signal);
    if (performance.now() - this.#breathedAt < breathEveryMs) return;
    await setImmediate();
    this.#breathedAt = performance.now();
  }

  observe(): Observation | Promise<Observation> {
    return this.#world.observe();
  }

  drain(): readonly RecordedEvent[] {
    return this.#world.drain();
  }

  finish(): Promise<Ending> {
    return this.#world.finish();
  }

  [Symbol.asyncDispose](): PromiseLike<void> {
    return this.#world[Symbol.asyncDispose]();
  }
}
