/** The programs that can be measured, ours first. */
import type { Contestant } from './contestant.ts';
import { aria2 } from './aria2.ts';
import { ctorrent } from './ctorrent.ts';
import { libtorrent } from './libtorrent.ts';
import { rtorrent } from './rtorrent.ts';
import { swarmproof } from './swarmproof.ts';
import { transmission } from './transmission.ts';
import { webtorrent } from './webtorrent.ts';

export const contestants: readonly Contestant[] = [
  swarmproof,
  libtorrent,
  ctorrent,
  aria2,
  rtorrent,
  webtorrent,
  transmission,
];
