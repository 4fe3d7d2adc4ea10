/** Swarmproof as a contestant: a program that uses the package as anybody would. */
import { fileURLToPath } from 'node:url';
import type { Contestant } from './contestant.ts';
import { startSpoken } from './spoken.ts';

const program = fileURLToPath(new URL('./swarmproof-peers.js', import.meta.url));

export const swarmproof: Contestant = {
  name: 'swarmproof',
  holdsMany: true,
  isPresent: () => true,
  start: (order) => startSpoken([process.execPath, program], order),
};
