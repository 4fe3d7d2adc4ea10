/** One scenario with many seeds, in several processes side by side. */
import { lineOf } from '../../reports/replay.ts';
import { crashOf, type Outcome } from '../../reports/series.ts';
import { SeedPlayer } from './seed-player.ts';
import type { SweepOrder } from './sweep-orders.ts';

export type SweepOptions = {
  readonly seeds: readonly number[];
  /** Processes at a time. */
  readonly jobs: number;
  /** Ends the sweep early: what is being played then is not in the outcomes. */
  readonly signal: AbortSignal;
  readonly onOutcome: (outcome: Outcome) => void;
};

/** In the order in which the runs ended. */
export async function sweep(
  order: SweepOrder,
  { seeds, jobs, signal, onOutcome }: SweepOptions,
): Promise<readonly Outcome[]> {
  const outcomes: Outcome[] = [];
  const left = seeds.values();
  const players = new Set<SeedPlayer>();
  const end = (): void => {
    for (const player of players) void player.kill();
  };
  signal.addEventListener('abort', end);
  const work = async (): Promise<void> => {
    await using bench = new Bench(order, players);
    for (const seed of left) {
      if (signal.aborted) return;
      const outcome = await bench.play(seed);
      if (signal.aborted) return;
      outcomes.push(outcome);
      onOutcome(outcome);
    }
  };
  try {
    await Promise.all(Array.from({ length: Math.min(jobs, seeds.length) }, work));
  } finally {
    signal.removeEventListener('abort', end);
  }
  return outcomes;
}

/** A place where one process works at a time; the next takes over from one that crashed. */
class Bench implements AsyncDisposable {
  readonly #order: SweepOrder;
  readonly #players: Set<SeedPlayer>;
  #player: SeedPlayer | undefined;

  constructor(order: SweepOrder, players: Set<SeedPlayer>) {
    this.#order = order;
    this.#players = players;
  }

  async play(seed: number): Promise<Outcome> {
    const player = this.#manned();
    const answer = await player.play(seed);
    return answer.type === 'played' ? answer.outcome : this.#crashed(seed, answer.why);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const player = this.#player;
    this.#player = undefined;
    if (player === undefined) return;
    this.#players.delete(player);
    await player.kill();
  }

  #manned(): SeedPlayer {
    if (this.#player?.isAlive === true) return this.#player;
    if (this.#player !== undefined) this.#players.delete(this.#player);
    this.#player = new SeedPlayer(this.#order);
    this.#players.add(this.#player);
    return this.#player;
  }

  #crashed(seed: number, why: string): Outcome {
    const { loaded, set, choice } = this.#order;
    const fidelity = choice.world === 'virtual' ? choice.fidelity : undefined;
    const line = lineOf({
      source: loaded.source,
      seed,
      world: choice.world,
      fidelity,
      overrides: set,
    });
    return crashOf(seed, line, why);
  }
}
