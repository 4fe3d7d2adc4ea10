/** The programs that can be measured, ours first. */
import type { Contestant } from '../contestant.ts';
import { libtorrent } from './libtorrent.ts';
import { swarmproof } from './swarmproof.ts';

export const contestants: readonly Contestant[] = [swarmproof, libtorrent];
