/** Swarmproof as a contestant: a program that uses the package as anybody would. */
import { fileURLToPath } from 'node:url';
import type { Contestant } from '../contestant.ts';

const program = fileURLToPath(new URL('./swarmproof-process.js', import.meta.url));

export const swarmproof: Contestant = {
  name: 'swarmproof',
  isPresent: () => true,
  command: (order) => [process.execPath, program, JSON.stringify(order)],
};
