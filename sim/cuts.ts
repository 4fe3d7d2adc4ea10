/** Which peers are cut off from which. */
import type { Sides } from './world.ts';

export class Cuts {
  #cuts: readonly Sides[] = [];

  cut(between: Sides): void {
    this.#cuts = [...this.#cuts, between];
  }

  /** Undoes the cut between these two sides, or every cut. */
  heal(between: Sides | undefined): void {
    this.#cuts = this.#cuts.filter((sides) => between !== undefined && !isSame(sides, between));
  }

  /** Names of those that a peer cannot reach. */
  from(name: string): readonly string[] {
    return [...new Set(this.#cuts.flatMap((sides) => opposite(sides, name)))];
  }
}

/** Who stands on the other side; nobody when the peer is on neither. */
export const opposite = ([a, b]: Sides, name: string): readonly string[] =>
  [...(a.includes(name) ? b : []), ...(b.includes(name) ? a : [])].filter(
    (other) => other !== name,
  );

const isSame = (a: Sides, b: Sides): boolean => JSON.stringify(a) === JSON.stringify(b);
