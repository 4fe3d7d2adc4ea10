/** One decoder fuzzed for a while: inputs that reach new code are kept and changed further. */
import { type Random, randomBelow, randomStream } from '../../../core/random.ts';
import { readCorpus, writeCorpus, writeCrash } from './corpus.ts';
import { type Counter, type Counts, Painted } from './coverage.ts';
import { distilled } from './distil.ts';
import { maxInputBytes, mutated } from './mutate.ts';
import { type Failure, Runner } from './runner.ts';
import { shrunk } from './shrink.ts';
import { type Target, bytesOf } from './target.ts';

export type CampaignOptions = {
  readonly seconds: number;
  readonly seed: number;
  /** Blind: only what it began with is changed, never what reached new code. */
  readonly isGuided: boolean;
  /** Begins with nothing, and leaves the corpus as it is. */
  readonly isFresh: boolean;
};

export type Crash = { readonly file: string; readonly error: string };

export type CampaignReport = {
  readonly name: string;
  readonly executions: number;
  readonly seconds: number;
  /** How many characters of code were run. */
  readonly reached: number;
  /** Those of them that were run before anything was changed. */
  readonly seeded: number;
  /** Different results that the target told of: kinds of refusal, shapes of what was read. */
  readonly outcomes: number;
  readonly corpus: number;
  readonly crashes: readonly Crash[];
};

/** A reading should cost at most a third of what was run for it. */
const readingShare = 1 / 3;
const batchSizes = { first: 64, least: 16, most: 4_096 };

/** More would hardly be different; each has to be made as short as it can be. */
const maxCrashes = 10;

export class Campaign {
  readonly #target: Target;
  readonly #options: CampaignOptions;
  readonly #counter: Counter;
  readonly #runner: Runner;
  readonly #random: Random;
  readonly #painted = new Painted();
  readonly #outcomes = new Set<string>();
  readonly #inputs: Uint8Array[] = [];
  #blindInputs: readonly Uint8Array[] = [];
  readonly #crashes = new Map<string, Crash>();
  #seeded = 0;
  #batchSize = batchSizes.first;
  #executions = 0;

  private constructor(
    target: Target,
    options: CampaignOptions,
    { counter, runner }: { readonly counter: Counter; readonly runner: Runner },
  ) {
    this.#target = target;
    this.#options = options;
    this.#counter = counter;
    this.#runner = runner;
    this.#random = randomStream(options.seed, target.name);
  }

  static async run(
    target: Target,
    options: CampaignOptions,
    counter: Counter,
  ): Promise<CampaignReport> {
    const runner = new Runner(await target.load());
    const campaign = new Campaign(target, options, { counter, runner });
    campaign.#begin();
    const startedAt = performance.now();
    const seconds = (): number => (performance.now() - startedAt) / 1_000;
    while (seconds() < options.seconds && campaign.#crashes.size < maxCrashes) campaign.#round();
    return campaign.#report(seconds());
  }

  #begin(): void {
    this.#painted.add(this.#counter.read());
    const { isFresh } = this.#options;
    const kept = (): Uint8Array[] => readCorpus(this.#target.name).map(({ bytes }) => bytes);
    const known = isFresh ? [new Uint8Array()] : [...this.#target.seeds.map(bytesOf), ...kept()];
    for (const input of known) {
      this.#inputs.push(input.subarray(0, maxInputBytes));
      this.#try([input]);
      this.#painted.add(this.#counter.read());
    }
    this.#seeded = this.#painted.characters;
    this.#blindInputs = [...this.#inputs];
  }

  #round(): void {
    const batch = Array.from({ length: this.#batchSize }, () => this.#next());
    const startedAt = performance.now();
    if (!this.#try(batch)) return;
    const ranAt = performance.now();
    const counts = this.#counter.read();
    const readAt = performance.now();
    this.#resize(ranAt - startedAt, readAt - ranAt);
    this.#search(batch, counts);
  }

  /** Half of the time one of those found last: what is new is next to what was new. */
  #next(): Uint8Array {
    const others = this.#options.isGuided ? this.#inputs : this.#blindInputs;
    const { length } = others;
    const recent = Math.max(1, Math.ceil(length / 4));
    const back = randomBelow(this.#random, this.#random() < 0.5 ? recent : length);
    const input = others[length - 1 - back] ?? new Uint8Array();
    const { tokens } = this.#target;
    return mutated(input, { random: this.#random, tokens, others });
  }

  /** Runs them, keeps those that come to something new, and writes down what fails; says whether none did. */
  #try(batch: readonly Uint8Array[]): boolean {
    const { failure, outcomes } = this.#runner.run(batch);
    this.#executions += outcomes.length;
    for (const [i, outcome] of outcomes.entries()) {
      if (this.#outcomes.has(outcome)) continue;
      this.#outcomes.add(outcome);
      this.#keep(batch[i]);
    }
    if (failure === undefined) return true;
    this.#note(failure);
    this.#counter.read();
    return false;
  }

  /**
   * Finds those among them that reach new code, by halves; `counts` are theirs. What V8 tells of a batch only, as when it
   * has thrown a function's counters away, is not believed: alone it must come again.
   */
  #search(batch: readonly Uint8Array[], counts: Counts): void {
    if (this.#painted.freshIn(counts) === 0) return;
    if (batch.length === 1) {
      this.#painted.add(counts);
      return this.#keep(batch[0]);
    }
    const middle = Math.ceil(batch.length / 2);
    for (const half of [batch.slice(0, middle), batch.slice(middle)]) {
      if (!this.#try(half)) return;
      this.#search(half, this.#counter.read());
    }
  }

  #keep(input: Uint8Array | undefined): void {
    if (input !== undefined && !this.#inputs.includes(input)) this.#inputs.push(input);
  }

  #resize(ranMs: number, readMs: number): void {
    const change = readMs > ranMs * readingShare ? 2 : 0.8;
    const size = Math.round(this.#batchSize * change);
    this.#batchSize = Math.min(batchSizes.most, Math.max(batchSizes.least, size));
  }

  /** The same error in the same words, numbers aside, is one crash. */
  #note({ error, input }: Failure): void {
    const kind = kindOf(error);
    if (this.#crashes.has(kind)) return;
    const short = shrunk(input, (shorter) => {
      const { failure } = this.#runner.run([shorter]);
      return failure !== undefined && kindOf(failure.error) === kind;
    });
    const file = writeCrash(this.#target.name, short);
    this.#crashes.set(kind, { file, error: `${error.name}: ${error.message}` });
  }

  #report(seconds: number): CampaignReport {
    const { isFresh, isGuided } = this.#options;
    const { name } = this.#target;
    const keeps = isGuided && !isFresh;
    const corpus = keeps ? distilled(this.#inputs, this.#runner, this.#counter) : this.#inputs;
    if (keeps) writeCorpus(name, corpus);
    return {
      ...{ name, seconds, executions: this.#executions, corpus: corpus.length },
      reached: this.#painted.characters,
      seeded: this.#seeded,
      outcomes: this.#outcomes.size,
      crashes: [...this.#crashes.values()],
    };
  }
}

const kindOf = ({ message, name }: Error): string => `${name} ${message.replace(/\d+/g, 'N')}`;
