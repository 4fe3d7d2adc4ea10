/** Sends empty messages, which keep a connection alive and are worth nothing else, as fast as they go. */
import type { Trick } from './trick.ts';

/** One would do for two minutes. */
const messages = 20_000;

export const emptyMessages = (): Trick => ({
  opened: (line) => {
    for (let i = 0; i < messages; i += 1) line.say({ type: 'keep-alive' });
  },
});
