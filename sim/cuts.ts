/** Which peers are cut off from which. */
import type { Sides } from './world.ts';

type Cut = { readonly between: Sides; readonly isOneWay: boolean };

export class Cuts {
  #cuts: readonly Cut[] = [];

  get isEmpty(): boolean {
    return this.#cuts.length === 0;
  }

  /** One way: from the first side to the second. */
  cut(between: Sides, isOneWay = false): void {
    this.#cuts = [...this.#cuts, { between, isOneWay }];
  }

  /** Undoes the cuts between these two sides, or every cut. */
  heal(between: Sides | undefined): void {
    this.#cuts = this.#cuts.filter((cut) => between !== undefined && !isSame(cut.between, between));
  }

  /** Names of those that nothing reaches from a peer. */
  from(name: string): readonly string[] {
    return [
      ...new Set(
        this.#cuts.flatMap(({ between: [a, b], isOneWay }) =>
          isOneWay ? across(a, b, name) : opposite([a, b], name),
        ),
      ),
    ];
  }
}

/** Who stands on the other side; nobody when the peer is on neither. */
export const opposite = ([a, b]: Sides, name: string): readonly string[] => [
  ...across(a, b, name),
  ...across(b, a, name),
];

const across = (from: readonly string[], to: readonly string[], name: string): readonly string[] =>
  from.includes(name) ? to.filter((other) => other !== name) : [];

const isSame = (a: Sides, b: Sides): boolean => JSON.stringify(a) === JSON.stringify(b);
