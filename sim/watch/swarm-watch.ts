/** The invariants of a whole run: a witness to every life, and to the tracker. */
import type { HttpAnswer } from '../../core/tracker/http.ts';
import type { Instant } from '../../core/time.ts';
import type { CheckResult } from '../record.ts';
import type { Life, LifeWitness, Question, Witness, WitnessFacts } from '../witness.ts';
import { Complaints } from './complaints.ts';
import { LifeWatch } from './life-watch.ts';
import { rules } from './rules.ts';
import { TrackerWatch } from './tracker-watch.ts';

/** There is nothing more to be learnt from a run. Thrown through the world that plays it. */
export class SeenEnough extends Error {
  override readonly name = 'SeenEnough';
  /** What was found until then. */
  readonly checks: readonly CheckResult[];
  /** How many things the machines had been told. */
  readonly inputs: number;

  constructor(message: string, seen: Pick<SeenEnough, 'checks' | 'inputs'>) {
    super(message);
    this.checks = seen.checks;
    this.inputs = seen.inputs;
  }
}

export type Patience = {
  /** Throws SeenEnough when the machines have been told more things than this. */
  readonly mostInputs: number;
  /** Throws SeenEnough as soon as a rule is broken. */
  readonly untilBroken: boolean;
};

const endless: Patience = { mostInputs: Infinity, untilBroken: false };

export const swarmWatch = (facts: WitnessFacts, patience: Patience = endless): Witness =>
  new SwarmWatch(facts, patience);

class SwarmWatch implements Witness {
  readonly #facts: WitnessFacts;
  readonly #complaints = new Complaints();
  readonly #tracker: TrackerWatch;
  #lives = 0;
  readonly #untilBroken: boolean;
  readonly #mostInputs: number;
  #inputs = 0;

  constructor(facts: WitnessFacts, { mostInputs, untilBroken }: Patience) {
    this.#facts = facts;
    this.#mostInputs = mostInputs;
    this.#untilBroken = untilBroken;
    this.#tracker = new TrackerWatch(facts.plan.tracker.expireAfter, (rule, detail) =>
      this.#complain(rules[rule], detail),
    );
  }

  get checks(): readonly CheckResult[] {
    const count = Object.keys(rules).length;
    return this.#complaints.checks(`${count} rules held in ${this.#lives} lives`);
  }

  begins(life: Life): LifeWitness {
    this.#lives += 1;
    const complain = this.#complain.bind(this);
    const watch = new LifeWatch({ life, facts: this.#facts, complain });
    return {
      handled: (now, input, outputs) => {
        this.#inputs += 1;
        // Whoever took the first throw for the failure of a deed hears it again.
        if (this.#untilBroken && this.#complaints.any) throw this.#enough('broken');
        if (this.#inputs > this.#mostInputs) throw this.#enough(`too long at ${now} ms`);
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

  #complain(rule: string, detail: string): void {
    this.#complaints.add(rule, detail);
    if (this.#untilBroken) throw this.#enough(rule);
  }

  #enough(why: string): SeenEnough {
    return new SeenEnough(why, { checks: this.checks, inputs: this.#inputs });
  }
}
