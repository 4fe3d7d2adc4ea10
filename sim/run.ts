/** Plays a scenario in a world. The same loop serves virtual and real time: it knows time only through `advance`. */
import { after, millis, start } from '../core/time.ts';
import { Agenda } from './agenda.ts';
import { type Capability, needsOf, refusal } from './capability.ts';
import { judged } from './judge.ts';
import { type Plan, plan } from './plan.ts';
import { ProgressWatch } from './progress-watch.ts';
import type { RecordHeader, RunRecord } from './record.ts';
import { Recorder } from './recorder.ts';
import type { Scenario } from './scenario.ts';
import { hasSettled } from './settled.ts';
import { Stage, lastDone } from './stage.ts';
import type { Action, Environment, Observation, Started, StopSignal, World } from './world.ts';

export type RunOptions = {
  readonly seed: number;
  /** Ends the run early; it is then closed and judged like any other, and marked. */
  readonly signal: StopSignal;
  /** Called after each sample. */
  readonly onProgress?: (progress: Progress) => void;
  /** For the replay line: how the user named the scenario (its name unless said), and what was changed with `--set`. */
  readonly source?: string;
  readonly overrides?: readonly string[];
};

export type Progress = { readonly plan: Plan; readonly seen: Observation };

/**
 * Nothing that happens in the swarm makes it reject; a world that cannot start does. A world that cannot do what the plan
 * needs is not started, and the verdict is `unsupported`. The caller disposes of the world.
 */
export async function run(
  scenario: Scenario,
  world: World,
  options: RunOptions,
): Promise<RunRecord> {
  const thePlan = plan(scenario, options.seed);
  const head = (environment: Environment): RecordHeader => ({
    format: 'swarmproof-record',
    version: 1,
    scenario,
    overrides: options.overrides ?? [],
    source: options.source ?? scenario.name,
    seed: options.seed,
    plan: thePlan,
    world: world.name,
    environment,
  });
  const missing = needsOf(thePlan).filter((need) => !world.supports.has(need));
  if (missing.length > 0) return refused(head({}), missing);
  const started = await world.start(thePlan, options.signal);
  const player = new Player(thePlan, world, started);
  await player.play(options);
  return player.close(head(started.environment), options.signal.aborted);
}

/** How often it is looked whether the last deeds are done. */
const lookEvery = millis(10);

const nobodyStops: StopSignal = {
  aborted: false,
  addEventListener: () => undefined,
  removeEventListener: () => undefined,
};

class Player {
  readonly #plan: Plan;
  readonly #world: World;
  readonly #started: Started;
  readonly #agenda: Agenda;
  readonly #stage: Stage;
  readonly #recorder: Recorder;
  readonly #progress: ProgressWatch;

  constructor(thePlan: Plan, world: World, started: Started) {
    this.#plan = thePlan;
    this.#world = world;
    this.#started = started;
    this.#agenda = new Agenda(thePlan);
    this.#recorder = new Recorder(thePlan, started.contents);
    this.#progress = new ProgressWatch(thePlan, started.contents);
    this.#stage = new Stage(world, (at, action) => {
      this.#recorder.act(at, action);
    });
  }

  /** Until everything has settled, the run's time is up, or somebody asks for the end. */
  async play({ signal, onProgress }: RunOptions): Promise<void> {
    for (;;) {
      await this.#world.advance(this.#agenda.next, signal);
      if (signal.aborted) return;
      const { now } = this.#world;
      this.#drain();
      this.#perform(this.#agenda.take(now));
      if (now >= this.#plan.faultsUntil) this.#heal();
      if (now >= this.#plan.ends) return;
      if (!this.#agenda.isSampleDue(now)) continue;
      // What was still being done when it was looked at is not in what was seen.
      const wasIdle = this.#stage.isIdle;
      const seen = await this.#sample();
      onProgress?.({ plan: this.#plan, seen });
      this.#agenda.see(seen);
      if (wasIdle && this.#isOver(seen)) return;
    }
  }

  /** Heals, looks a last time, ends the world, and judges. */
  async close(header: RecordHeader, interrupted: boolean): Promise<RunRecord> {
    this.#heal();
    await this.#finishDeeds();
    await this.#sample();
    const at = this.#world.now;
    const ending = await this.#world.finish();
    this.#drain();
    const { simulated, checks: witnessed = [], claimsHeld = 0 } = ending;
    const claims = this.#recorder.claims(claimsHeld);
    const record = {
      header,
      ...this.#recorder.close(ending, this.#stage.performed, at),
      end: {
        at,
        verdict: 'passed',
        interrupted,
        ...(claims && { claims }),
        ...(simulated && { simulated }),
      },
      missed: this.#agenda.missed.map(({ when, action }) => ({ when: when.text, action })),
    } as const;
    return judged(record, witnessed);
  }

  /** What is under way needs time to end, and time passes only where the world is told to let it. */
  async #finishDeeds(): Promise<void> {
    while (!this.#stage.isIdle)
      await this.#world.advance(after(this.#world.now, lookEvery), nobodyStops);
  }

  #perform(
    steps: readonly { readonly action: Action; readonly cause: 'group' | 'timeline' | 'healing' }[],
  ): void {
    for (const step of steps) this.#stage.perform(step);
  }

  #heal(): void {
    this.#perform(this.#stage.remedies.map((action) => ({ action, cause: 'healing' })));
  }

  #drain(): void {
    for (const event of this.#world.drain()) {
      this.#recorder.hear(event);
      for (const news of this.#progress.see(event)) this.#agenda.hear(news);
    }
  }

  async #sample(): Promise<Observation> {
    const seen = await this.#world.observe();
    this.#drain();
    this.#recorder.look(seen);
    return seen;
  }

  #isOver(seen: Observation): boolean {
    if (!this.#agenda.isPlayed || !this.#stage.isIdle) return false;
    if (this.#stage.remedies.length > 0) return false;
    const patience = after(lastDone(this.#stage.performed), this.#plan.settleWithin);
    const { contents } = this.#started;
    const known = { plan: this.#plan, contents, truth: this.#recorder.lists };
    return seen.at >= patience || hasSettled(seen, known);
  }
}

function refused(header: RecordHeader, missing: readonly Capability[]): RunRecord {
  const detail = refusal(header.world, missing);
  return {
    header,
    contents: [],
    peers: [],
    actions: [],
    events: [],
    samples: [],
    tracker: [],
    transfers: [],
    files: [],
    leaks: [],
    missed: [],
    checks: [{ name: 'supported', held: false, detail }],
    end: { at: start, verdict: 'unsupported', interrupted: false },
  };
}
