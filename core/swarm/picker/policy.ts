/** In which order pieces are begun (BEP 3, "rarest first"): a policy only ranks candidates. */
import { never } from '../../never.ts';
import type { PiecePolicy } from '../options.ts';

/** Lower is sooner; equal ranks are taken in random order. A whole number from 0, and dense. */
export type Rank = (piece: number) => number;

/** One rank for all: whatever comes, comes in random order. */
export const anyOrder: Rank = () => 0;

/** How `policy` ranks a piece, given how many peers hold it. */
export function rankOf(policy: PiecePolicy, availabilityOf: (piece: number) => number): Rank {
  switch (policy) {
    case 'rarest-first':
      return availabilityOf;
    case 'sequential':
      return (piece) => piece;
    case 'random':
      return anyOrder;
    default:
      return never(policy);
  }
}
