/** Sends every block three times. */
import type { Trick } from './trick.ts';

export const duplicates = (): Trick => ({
  said: (saying) => (saying.type === 'piece' ? [saying, saying, saying] : [saying]),
});
