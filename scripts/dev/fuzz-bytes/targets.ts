/** Everything that reads what strangers wrote. */
import type { Target } from './target.ts';
import { metainfo } from './targets-metainfo.ts';
import { textTargets } from './targets-text.ts';
import { torrentTargets } from './targets-torrent.ts';
import { trackerTargets } from './targets-tracker.ts';
import { wireTargets } from './targets-wire.ts';

export const targets: readonly Target[] = [
  ...torrentTargets,
  metainfo,
  ...wireTargets,
  ...trackerTargets,
  ...textTargets,
];
