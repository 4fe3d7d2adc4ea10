/** The library: every scenario that comes with the program, by name. */
import type { ScenarioInput } from '../sim/scenario.ts';
import { behindNats } from './behind-nats.ts';
import { churn } from './churn.ts';
import { diskFull } from './disk-full.ts';
import { downloadAFile } from './download-a-file.ts';
import { flashCrowd } from './flash-crowd.ts';
import { freeRider } from './free-rider.ts';
import { frozenPeer } from './frozen-peer.ts';
import { lastSeederLeaves } from './last-seeder-leaves.ts';
import { lateJoiner } from './late-joiner.ts';
import { leecherBecomesSeeder } from './leecher-becomes-seeder.ts';
import { manyTorrents } from './many-torrents.ts';
import { movingPeer } from './moving-peer.ts';
import { multiSeederDownload } from './multi-seeder-download.ts';
import { oneWayCut } from './one-way-cut.ts';
import { partitionAndHeal } from './partition-and-heal.ts';
import { poisonedPeer } from './poisoned-peer.ts';
import { powerCut } from './power-cut.ts';
import { resumeAfterCrash } from './resume-after-crash.ts';
import { seederCrashes } from './seeder-crashes.ts';
import { seederLeaves } from './seeder-leaves.ts';
import { selectiveDownload } from './selective-download.ts';
import { slowAndFast } from './slow-and-fast.ts';
import { thousandPeers } from './thousand-peers.ts';
import { thousandRealPeers } from './thousand-real-peers.ts';
import { trackerOutage } from './tracker-outage.ts';
import { trackerRestart } from './tracker-restart.ts';
import { updatingSeedingStatus } from './updating-seeding-status.ts';
import { uploadAFile } from './upload-a-file.ts';
import { weekOfChurn } from './week-of-churn.ts';
import { wrongClocks } from './wrong-clocks.ts';

/** In the order in which one would play them: from one peer to a crowd, then what goes wrong, then what virtual time alone can show, and what one machine carries. */
export const library: readonly ScenarioInput[] = [
  uploadAFile,
  downloadAFile,
  multiSeederDownload,
  updatingSeedingStatus,
  leecherBecomesSeeder,
  lateJoiner,
  manyTorrents,
  selectiveDownload,
  slowAndFast,
  flashCrowd,
  churn,
  freeRider,
  seederLeaves,
  seederCrashes,
  lastSeederLeaves,
  poisonedPeer,
  frozenPeer,
  partitionAndHeal,
  diskFull,
  resumeAfterCrash,
  trackerOutage,
  trackerRestart,
  behindNats,
  oneWayCut,
  powerCut,
  movingPeer,
  wrongClocks,
  weekOfChurn,
  thousandPeers,
  thousandRealPeers,
];
