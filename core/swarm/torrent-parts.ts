/** Puts the parts of a torrent together: who knows whom, in one place. */
import type { Instant } from '../time.ts';
import type { Random } from '../random.ts';
import type { ConnectionId, InfoHash } from '../torrent/ids.ts';
import type { Pieces } from '../torrent/pieces.ts';
import type { Form } from '../wire/saying.ts';
import type { Outputs } from '../outputs.ts';
import type { TorrentOutput } from './jobs.ts';
import type { TorrentOptions } from './options.ts';
import type { Self, TorrentContext, TorrentEvent } from './peer.ts';
import type { SwarmEvent } from './event.ts';
import { Bitfield } from '../torrent/bitfield.ts';
import { Announcer } from './announcer.ts';
import { Announcing } from './announcing.ts';
import { Choking } from './choking.ts';
import { Connections } from './connections.ts';
import { Dialer } from './dialer.ts';
import { Downloads } from './downloads.ts';
import { Exchange } from './exchange.ts';
import type { HalfOpen } from './half-open.ts';
import { Haves } from './haves.ts';
import { Peers } from './peers.ts';
import { Picker, type Priority } from './picker/picker.ts';
import { RateLimits, RatePair } from './rate-limits.ts';
import { SuperSeeding } from './super-seeding.ts';
import { Uploads } from './uploads.ts';

export type TorrentSpec = {
  readonly infoHash: InfoHash;
  readonly self: Self;
  readonly pieces: Pieces;
  /** Tiers of announce URLs (BEP 12). */
  readonly trackers: readonly (readonly string[])[];
  readonly options: TorrentOptions;
  /** A stream of its own for each user of chance. */
  readonly random: (name: string) => Random;
  /** The limits that this torrent shares with the peer's others. */
  readonly sharedLimits: RatePair;
  /** The dials of all torrents of the peer. */
  readonly halfOpen: HalfOpen;
  readonly newConnection: () => ConnectionId;
  /** How what is said goes in and out; bytes unless said. */
  readonly form?: Form | undefined;
  /** One for each piece; all are wanted alike unless said. */
  readonly priorities?: readonly Priority[];
};

export type TorrentParts = {
  readonly torrent: TorrentContext;
  readonly peers: Peers;
  readonly dialer: Dialer;
  readonly connections: Connections;
  readonly haves: Haves;
  readonly downloads: Downloads;
  readonly uploads: Uploads;
  readonly choking: Choking;
  readonly superSeeding: SuperSeeding;
  readonly exchange: Exchange;
  readonly announcing: Announcing;
};

export function assemble(
  now: Instant,
  spec: TorrentSpec,
  outputs: Outputs<TorrentOutput>,
): TorrentParts {
  const { options, random } = spec;
  const { peerId } = spec.self;
  const limits = new RateLimits([spec.sharedLimits, new RatePair(options)], {
    upBytesPerSec: options.peerUpBytesPerSec,
    downBytesPerSec: options.peerDownBytesPerSec,
  });
  const torrent = contextOf(spec, limits, outputs, (...said) => connections.send(...said));
  const peers = new Peers(peerId, options.maxConnections, spec.halfOpen);
  const dialer = new Dialer(options);
  const haves = new Haves(torrent, peers);
  const downloads = new Downloads(torrent, peers, haves);
  const superSeeding = new SuperSeeding(torrent, random('super-seeding'));
  const uploads = new Uploads(torrent, superSeeding);
  const choking = new Choking(now, torrent, { peers, uploads, random: random('choker') });
  const exchange = new Exchange(torrent, {
    peers,
    haves,
    downloads,
    uploads,
    choking,
    superSeeding,
    close: (...closed) => connections.close(...closed),
  });
  const connections = new Connections(torrent, {
    peers,
    haves,
    dialer,
    exchange,
    newConnection: spec.newConnection,
    halfOpen: spec.halfOpen,
    form: spec.form ?? 'bytes',
  });
  const announcing = announcingOf(now, spec, { torrent, uploads, downloads, dialer, connections });
  if (spec.priorities !== undefined) downloads.prioritise(now, spec.priorities);
  return {
    ...{ torrent, peers, dialer, connections, haves, downloads, uploads },
    ...{ choking, superSeeding, exchange, announcing },
  };
}

function contextOf(
  { infoHash, options, pieces, random, self }: TorrentSpec,
  limits: RateLimits,
  outputs: Outputs<TorrentOutput>,
  send: TorrentContext['send'],
): TorrentContext {
  const emit = (output: TorrentOutput): void => {
    outputs.add(output);
  };
  return {
    infoHash,
    self,
    options,
    pieces,
    limits,
    picker: new Picker({
      pieces,
      random: random('picker'),
      policy: options.piecePolicy,
      randomFirstPieces: options.randomFirstPieces,
    }),
    have: new Bitfield(pieces.count),
    paused: false,
    isDeadlineStale: true,
    emit,
    tell: (event: TorrentEvent) =>
      emit({ type: 'event', infoHash, event: { ...event, infoHash } as SwarmEvent }),
    send,
  };
}

function announcingOf(
  now: Instant,
  { options, random, trackers }: TorrentSpec,
  parts: Pick<TorrentParts, 'torrent' | 'uploads' | 'downloads' | 'dialer' | 'connections'>,
): Announcing {
  const { torrent, uploads, downloads, dialer, connections } = parts;
  return new Announcing(torrent, {
    announcer: new Announcer(now, {
      tiers: trackers,
      random: random('announcer'),
      intervalOverride: options.announceEvery,
      farewellLimit: options.farewellLimit,
    }),
    transferred: () => ({
      uploaded: uploads.bytesUp,
      downloaded: downloads.bytesDown,
      left: torrent.pieces.length - torrent.pieces.bytesOf(torrent.have),
    }),
    found: (at, addresses) => {
      dialer.found(at, addresses);
      connections.dial(at);
    },
  });
}
