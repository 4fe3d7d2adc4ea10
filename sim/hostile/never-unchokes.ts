/** Has everything, is asked by everybody, and serves nobody. */
import type { Trick } from './trick.ts';

export const neverUnchokes = (): Trick => ({
  said: (saying) => (saying.type === 'unchoke' || saying.type === 'allowed-fast' ? [] : [saying]),
});
