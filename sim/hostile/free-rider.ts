/** Takes what it gets and gives nothing. */
import type { Saying } from '../../core/wire/saying.ts';
import type { Trick } from './trick.ts';

/** What an honest peer gives, in blocks or in hopes of them. */
const gifts: ReadonlySet<Saying['type']> = new Set(['unchoke', 'allowed-fast', 'piece']);

export const freeRider = (): Trick => ({
  said: (saying) => (gifts.has(saying.type) ? [] : [saying]),
});
