/** Unchokes as one who serves does, and lets every request lie. */
import type { Trick } from './trick.ts';

export const neverAnswers = (): Trick => ({
  said: (saying) => (saying.type === 'piece' || saying.type === 'reject' ? [] : [saying]),
});
