/** The schema of a group of peers: how many, what they hold, when they come, how long they stay, over which link. */
import { z } from 'zod';
import type { Duration } from '../core/time.ts';
import { clients } from './hostile/kinds.ts';
import {
  maxArrivalsPerSec,
  maxContentBytes,
  maxContents,
  maxDriftPpm,
  maxDuration,
  maxPeersPerGroup,
  maxPieceBytes,
  maxShape,
  maxSigma,
  maxSkew,
  minPieceBytes,
  minShape,
} from './limits.ts';
import type { Written } from './quantity.ts';
import type {
  Arrival,
  ClockSpec,
  ContentSpec,
  Corruption,
  DiskSpec,
  Drawn,
  Holding,
  LinkSpec,
  PeerGroup,
  Stay,
  TorrentOptionsWritten,
} from './scenario.ts';
import { between, count, duration, exactly, loss, rate, share, size } from './schema-parts.ts';

const shape = between(minShape, maxShape);
const weibull = exactly({ weibull: exactly({ shape, scale: duration({ min: 1 }) }) });

const drawn: z.ZodType<Drawn, Drawn<Written>> = z.union([
  exactly({ exponential: exactly({ mean: duration({ min: 1 }) }) }),
  weibull,
  exactly({ logNormal: exactly({ median: duration({ min: 1 }), sigma: between(0, maxSigma) }) }),
]);

const arrival: z.ZodType<Arrival, Arrival<Written>> = z.union([
  z.enum(['at-once', 'when-told']),
  exactly({ at: duration() }),
  exactly({ within: duration() }),
  exactly({ poisson: exactly({ perSec: between(1 / maxDuration, maxArrivalsPerSec) }) }),
  weibull,
]);

const stay: z.ZodType<Stay, Stay<Written>> = z.union([
  z.enum(['for-ever', 'until-complete']),
  exactly({ linger: z.union([duration(), drawn]) }),
  exactly({ for: duration() }),
  drawn,
]);

const pieces = z.array(count(0, 2 ** 32 - 1)).min(1, 'name at least one piece');

const holding: z.ZodType<Holding, Holding> = z.union([
  z.enum(['all', 'nothing', 'dealt']),
  exactly({ share }),
  exactly({ only: pieces }),
  exactly({ allBut: pieces }),
]);

export const corruption: z.ZodType<Corruption, Corruption> = z.union([
  z.enum(['never', 'always']),
  exactly({ oneIn: count(1, 1_000_000) }),
]);

const link: z.ZodType<LinkSpec, LinkSpec<Written, Written>> = exactly({
  up: rate().exactOptional(),
  down: rate().exactOptional(),
  delay: duration().exactOptional(),
  jitter: duration().exactOptional(),
  loss: loss.exactOptional(),
});

const clock: z.ZodType<ClockSpec, ClockSpec<Written>> = exactly({
  skew: duration({ max: maxSkew }).exactOptional(),
  drift: count(0, maxDriftPpm).exactOptional(),
});

const disk: z.ZodType<DiskSpec, DiskSpec<Written, Written>> = exactly({
  rate: rate().exactOptional(),
  seek: duration().exactOptional(),
});

const slots = count(0, 10_000).exactOptional();
const time = duration().exactOptional();
const bytes = size().exactOptional();
const speed = rate().exactOptional();

/** Every option of a torrent but `infoHash`-like facts; kept equal to TorrentOptions by the compiler. */
const options = exactly({
  maxConnections: slots,
  dialUpTo: slots,
  maxHalfOpen: slots,
  uploadSlots: slots,
  optimisticSlots: slots,
  rechokeEvery: time,
  optimisticEvery: time,
  snubbedAfter: time,
  seedPolicy: z.enum(['round-robin', 'fastest-upload', 'super']).exactOptional(),
  chokePolicy: z.enum(['tit-for-tat', 'random']).exactOptional(),
  piecePolicy: z.enum(['rarest-first', 'sequential', 'random']).exactOptional(),
  randomFirstPieces: slots,
  requestLimit: time,
  maxPipelineBlocks: slots,
  maxQueuedRequests: slots,
  maxBufferedBytes: bytes,
  maxUnsentBytes: bytes,
  handshakeLimit: time,
  keepAliveEvery: time,
  silenceLimit: time,
  idleLimit: time,
  redialAfter: time,
  maxDials: slots,
  holdHavesFor: time,
  housekeepingEvery: time,
  upBytesPerSec: speed,
  downBytesPerSec: speed,
  peerUpBytesPerSec: speed,
  peerDownBytesPerSec: speed,
  announceEvery: time,
  farewellLimit: time,
  fast: z.boolean().exactOptional(),
} satisfies Record<keyof TorrentOptionsWritten, unknown>);

const contentIndex = count(0, maxContents - 1);

export const peerGroup: z.ZodType<PeerGroup<Duration, number>> = exactly({
  count: count(1, maxPeersPerGroup),
  has: z.union([holding, z.array(holding).min(1, 'one entry for each content')]),
  joins: arrival.default('at-once'),
  stays: stay.default('for-ever'),
  link: link.default({}),
  nat: z.boolean().exactOptional(),
  clock: clock.exactOptional(),
  disk: disk.exactOptional(),
  client: z.enum(clients).default('swarmproof'),
  options: options.default({}),
  corrupt: corruption.default('never'),
  contents: z.array(contentIndex).min(1, 'name at least one content').exactOptional(),
  wants: z.array(z.string()).min(1, 'name at least one file').exactOptional(),
  neighbours: count(1, 10_000).exactOptional(),
  networks: count(1, maxPeersPerGroup).exactOptional(),
});

const pieceBytes = size({ min: minPieceBytes, max: maxPieceBytes }).exactOptional();
const contentBytes = size({ min: 1, max: maxContentBytes });
const plainPath = z
  .string()
  .regex(/^[^/\\\0]+(?:\/[^/\\\0]+)*$/, 'expected a path such as music/song.mp3')
  .refine((path) => !path.split('/').some((part) => part === '.' || part === '..'), {
    error: `a path may not leave its folder`,
  });
const plainName = plainPath.refine((name) => !name.includes('/'), {
  error: 'expected a plain name',
});

export const content: z.ZodType<ContentSpec<number>, ContentSpec<Written>> = z.union([
  exactly({ file: plainPath, pieceBytes }),
  exactly({ bytes: contentBytes, pieceBytes, name: plainName.exactOptional() }),
  exactly({
    files: z.array(exactly({ path: plainPath, bytes: size() })).min(1, 'name at least one file'),
    pieceBytes,
    name: plainName.exactOptional(),
  }),
]);
