/** Chokes and unchokes without end. */
import type { Trick } from './trick.ts';

const changes = 5_000;

export const chokeFlapper = (): Trick => ({
  opened: (line) => {
    for (let i = 0; i < changes; i += 1) line.say({ type: 'unchoke' }, { type: 'choke' });
  },
});
