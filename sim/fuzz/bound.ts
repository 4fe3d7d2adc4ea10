/** How long a swarm may take after its last fault: what its links, its options and the network allow, and no more. */
import type { Scenario } from '../scenario.ts';
import { bytesOf } from './compose-contents.ts';
import { type TorrentOptions, defaultTorrentOptions } from '../../core/swarm/options.ts';

/** A call into nowhere is given up after this, and what is sent again after a cut goes on within 8 s more. */
const networkMs = 21_000 + 8_000;

/** How much slower than the slowest link a swarm may be: who serves shares its line, and turns must come round. */
const slack = 4;

/** A lossy path brings so much less that it is counted as a link of a tenth. */
const lossFactor = 10;

type Parsed = Pick<Scenario, 'content' | 'peers' | 'timeline' | 'tracker' | 'faultsUntil'>;

/** Milliseconds. */
export function fairBound(scenario: Parsed): number {
  const { content, faultsUntil, tracker } = scenario;
  const groups = Object.values(scenario.peers);
  const peers = groups.reduce((sum, { count }) => sum + count, 0);
  const most = (of: (options: TorrentOptions) => number): number =>
    Math.max(...groups.map(({ options }) => of({ ...defaultTorrentOptions, ...options })));
  const bytes = content.reduce((sum, each) => sum + bytesOf(each), 0);
  const transfer = (bytes * peers * 1_000) / slowest(scenario);
  const turns = peers * most(({ optimisticEvery, rechokeEvery }) => optimisticEvery + rechokeEvery);
  const patience = most(
    (options) => options.silenceLimit + 2 * options.requestLimit + options.handshakeLimit,
  );
  // Dials are doubled: who was away for so long may be called again after as long.
  const dials = 2 * faultsUntil + most(({ redialAfter }) => redialAfter);
  return Math.ceil(
    slack * transfer + turns + patience + dials + networkMs + 2 * tracker.recoverWithin,
  );
}

/** Bytes/s of the slowest link, limit or disk there ever is. */
function slowest({ peers, timeline }: Parsed): number {
  const groups = Object.values(peers);
  const isLossy = groups.some(({ link }) => (link.loss ?? 0) > 0);
  const rates = groups.flatMap(({ link, options, disk }) => [
    link.up,
    link.down,
    disk?.rate,
    options.upBytesPerSec,
    options.downBytesPerSec,
    options.peerUpBytesPerSec,
    options.peerDownBytesPerSec,
  ]);
  const limits = timeline.flatMap((step) => ('limit' in step ? [step.up, step.down] : []));
  const known = [...rates, ...limits].filter((rate) => rate !== undefined);
  return Math.min(1e6, ...known) / (isLossy ? lossFactor : 1);
}
