/** The invariants of a whole run: a witness to every life, and to the tracker. */
import type { HttpAnswer } from '../../core/tracker/http.ts';
import type { Instant } from '../../core/time.ts';
import type { CheckResult } from '../record.ts';
import type { Life, LifeWitness, Question, Witness, WitnessFacts } from '../witness.ts';
import { Complaints } from './complaints.ts';
import { LifeWatch } from './life-watch.ts';
import { rules } from './rules.ts';
import { TrackerWatch } from './tracker-watch.ts';

/** A run in which so much happened that nobody waits for its end. Thrown through the world that plays it. */
export class TooLong extends Error {
  override readonly name = 'TooLong';
  /** What was found wrong until then. */
  readonly checks: readonly CheckResult[];

  constructor(message: string, checks: readonly CheckResult[]) {
    super(message);
    this.checks = checks;
  }
}

/** Throws TooLong when the machines have been told more than `mostInputs` things. */
export const swarmWatch = (facts: WitnessFacts, mostInputs: number = Infinity): Witness =>
  new SwarmWatch(facts, mostInputs);

class SwarmWatch implements Witness {
  readonly #facts: WitnessFacts;
  readonly #complaints = new Complaints();
  readonly #tracker: TrackerWatch;
  #lives = 0;
  #inputsLeft: number;

  constructor(facts: WitnessFacts, mostInputs: number) {
    this.#facts = facts;
    this.#inputsLeft = mostInputs;
    this.#tracker = new TrackerWatch(facts.plan.tracker.expireAfter, (rule, detail) =>
      this.#complaints.add(rules[rule], detail),
    );
  }

  get checks(): readonly CheckResult[] {
    const count = Object.keys(rules).length;
    return this.#complaints.checks(`${count} rules held in ${this.#lives} lives`);
  }

  begins(life: Life): LifeWitness {
    this.#lives += 1;
    const complain = (rule: string, detail: string): void => this.#complaints.add(rule, detail);
    const watch = new LifeWatch({ life, facts: this.#facts, complain });
    return {
      handled: (now, input, outputs) => {
        this.#inputsLeft -= 1;
        if (this.#inputsLeft < 0) throw new TooLong(`too long at ${now} ms`, this.checks);
        watch.handled(now, input, outputs);
      },
    };
  }

  asked(now: Instant, question: Question, answer: HttpAnswer | undefined): void {
    this.#tracker.asked(now, question, answer);
  }

  forgot(): void {
    this.#tracker.forgot();
  }
}
