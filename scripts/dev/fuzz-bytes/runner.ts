/** Runs a decoder on many inputs, and finds the one that breaks it or keeps it too long. */
import { Script, createContext } from 'node:vm';
import { type Check, Flaw } from './target.ts';

export type Failure = { readonly input: Uint8Array; readonly error: Error };

export type Ran = {
  /** What each input came to, in order, up to the one that failed. */
  readonly outcomes: readonly string[];
  readonly failure?: Failure;
};

/** A batch that takes longer hangs: it takes milliseconds. */
const hangsAfterMs = 20_000;

/** Time of the processor for one input of a few kilobytes: hundreds of times what the slowest needs. */
const slowAfterMs = 500;

export class Runner {
  readonly #check: Check;
  readonly #script = new Script('run()');
  #batch: readonly Uint8Array[] = [];
  #outcomes: string[] = [];
  #failure: Failure | undefined;
  readonly #context = createContext({ run: () => this.#runAll() });

  constructor(check: Check) {
    this.#check = check;
  }

  /** Stops at the first input that fails. */
  run(batch: readonly Uint8Array[]): Ran {
    const before = process.cpuUsage();
    const ran = this.#runInTime(batch);
    const { user } = process.cpuUsage(before);
    if (ran.failure !== undefined || user / 1_000 < slowAfterMs) return ran;
    const slow = batch.find((input) => this.#isSlow(input));
    if (slow === undefined) return ran;
    return { ...ran, failure: { input: slow, error: new Flaw(`takes over ${slowAfterMs} ms`) } };
  }

  #runInTime(batch: readonly Uint8Array[]): Ran {
    this.#batch = batch;
    this.#outcomes = [];
    this.#failure = undefined;
    try {
      this.#script.runInContext(this.#context, { timeout: hangsAfterMs });
    } catch (error) {
      const input = batch[this.#outcomes.length] ?? new Uint8Array();
      this.#failure = { input, error: new Flaw('does not end', { cause: error }) };
    }
    const outcomes = this.#outcomes;
    return this.#failure === undefined ? { outcomes } : { outcomes, failure: this.#failure };
  }

  #runAll(): void {
    for (const input of this.#batch) {
      try {
        this.#outcomes.push(this.#check(input));
      } catch (error) {
        this.#failure = { input, error: error instanceof Error ? error : new Flaw(String(error)) };
        return;
      }
    }
  }

  #isSlow(input: Uint8Array): boolean {
    const before = process.cpuUsage();
    this.#runInTime([input]);
    return process.cpuUsage(before).user / 1_000 >= slowAfterMs;
  }
}
