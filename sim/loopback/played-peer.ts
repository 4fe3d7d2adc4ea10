/** A real peer in this process, obeying the world's commands. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { never } from '../../core/never.ts';
import { randomStream } from '../../core/random.ts';
import type { Priority } from '../../core/swarm/picker/picker.ts';
import { parseMetainfo, type Metainfo } from '../../core/torrent/metainfo.ts';

import { sha1 } from '../../core/net/hash.ts';
import { type PeerOptions, startPeer } from '../../core/net/peer.ts';
import type { RunningPeer } from '../../core/net/running-peer.ts';
import type { RunningTorrent } from '../../core/net/running-torrent.ts';
import { cacheOfMany } from '../../core/net/storage/read-cache.ts';
import { LeanTeller } from '../lean-teller.ts';
import { hostileKindOf } from '../hostile/kinds.ts';
import { hostileMachine } from '../hostile/machine.ts';
import { FaultyDisk } from './faulty-disk.ts';
import { inlineDisk } from '../../core/net/disk-inline.ts';
import {
  systemNow,
  type LinkRates,
  type PeerCommand,
  type PeerEvent,
  type PeerFigures,
  type PeerLife,
  type PeerOrder,
  type TorrentFigures,
  type TorrentOrder,
} from './peer-orders.ts';
import { Spoiler } from '../spoiler.ts';

/** Of all peers of this thread. */
const readCache = cacheOfMany();

type Parts = {
  readonly peer: RunningPeer;
  readonly disk: FaultyDisk;
  readonly spoiler: Spoiler;
  /** Where the record is lean. */
  readonly teller: LeanTeller | undefined;
};

/** One life of one peer, from its start to its stop or crash. */
export class PlayedPeer implements PeerLife {
  readonly #peer: RunningPeer;
  readonly #disk: FaultyDisk;
  readonly #spoiler: Spoiler;
  readonly #teller: LeanTeller | undefined;
  readonly #complete = new Set<RunningTorrent>();
  #torrents: readonly RunningTorrent[] = [];

  private constructor({ peer, disk, spoiler, teller }: Parts) {
    this.#peer = peer;
    this.#disk = disk;
    this.#spoiler = spoiler;
    this.#teller = teller;
  }

  /** Starts the peer with all of its torrents. Rejects, with nothing left behind, when one of them cannot be opened. */
  static async start(order: PeerOrder, onEvent: (event: PeerEvent) => void): Promise<PlayedPeer> {
    const disk = new FaultyDisk(inlineDisk);
    const spoiler = new Spoiler(order.corrupt, randomStream(order.seed, `${order.name}/corrupt`));
    const teller = order.record === 'lean' ? new LeanTeller() : undefined;
    const { upBytesPerSec, downBytesPerSec, delayMs } = order.link;
    const peer = await startPeer({
      ip: order.ip,
      port: order.port,
      peerId: order.peerId,
      seed: `${order.seed}/${order.name}`,
      outDir: order.dir,
      torrent: order.options,
      ...(upBytesPerSec === undefined ? {} : { upBytesPerSec }),
      ...(downBytesPerSec === undefined ? {} : { downBytesPerSec }),
      delayMs,
      disk,
      readCache,
      ...disguiseOf(order),
      tamper: (_piece, _begin, block) => spoiler.pass(block),
      onEvent: (event) => {
        if (teller?.passes(event) ?? true) onEvent({ at: systemNow(), event });
      },
    });
    const played = new PlayedPeer({ peer, disk, spoiler, teller });
    try {
      played.#block(order.blockedIps);
      played.#torrents = await Promise.all(order.torrents.map((torrent) => addTo(peer, torrent)));
      return played;
    } catch (error) {
      await played.kill();
      throw error;
    }
  }

  async perform(command: PeerCommand): Promise<PeerFigures> {
    await this.#obey(command);
    return this.#figures();
  }

  async kill(): Promise<PeerFigures> {
    const figures = this.#figures();
    await this.#peer.crash();
    return figures;
  }

  // prettier-ignore
  #obey(command: PeerCommand): Promise<void> | void {
    switch (command.type) {
      case 'observe':    return;
      case 'freeze':     return this.#peer.freeze();
      case 'thaw':       return this.#peer.thaw();
      case 'limit':      return this.#limit(command);
      case 'block':      return this.#block(command.ips);
      case 'disconnect': return this.#disconnect(command.ips);
      case 'corrupt':    return this.#spoiler.set(command.blocks);
      case 'disk-full':  return this.#disk.health.fill(command.afterBytes);
      case 'disk-error': return this.#disk.health.break();
      case 'disk-heal':  return this.#healDisk();
      case 'stop':       return this.#peer.stop();
      default:           return never(command);
    }
  }

  #limit({ upBytesPerSec, downBytesPerSec }: LinkRates): void {
    this.#peer.limit({ upBytesPerSec, downBytesPerSec });
  }

  #block(ips: readonly string[]): void {
    const blocked = new Set(ips);
    this.#peer.block(({ ip }) => blocked.has(ip));
  }

  #disconnect(ips: readonly string[]): void {
    for (const { address } of this.#torrents.flatMap((torrent) => torrent.stats().peers))
      if (ips.includes(address.ip)) this.#peer.disconnect(address);
  }

  #healDisk(): void {
    this.#disk.health.heal();
    for (const torrent of this.#torrents) torrent.resume();
  }

  #figures(): PeerFigures {
    return {
      address: this.#peer.address,
      torrents: this.#torrents.map((torrent) => this.#torrentFigures(torrent)),
      claimsHeld: this.#teller?.held ?? 0,
    };
  }

  // A torrent that stands still says that it does, and no longer what it had been doing.
  #torrentFigures(torrent: RunningTorrent): TorrentFigures {
    const stats = torrent.stats();
    if (stats.state === 'seeding') this.#complete.add(torrent);
    if (stats.state === 'downloading') this.#complete.delete(torrent);
    return { infoHash: torrent.infoHash, stats, isComplete: this.#complete.has(torrent) };
  }
}

function disguiseOf({ client, seed, name }: PeerOrder): Pick<PeerOptions, 'disguise'> {
  const kind = hostileKindOf(client);
  if (kind === undefined) return {};
  const random = randomStream(seed, `${name}/${kind}`);
  return { disguise: (session) => hostileMachine(kind, session, { random, form: 'bytes' }) };
}

async function addTo(peer: RunningPeer, order: TorrentOrder): Promise<RunningTorrent> {
  const metainfo = parseMetainfo(await readFile(order.torrentPath), { sha1 });
  const { wants, resume, dir } = order;
  return peer.add(metainfo, {
    ...(order.isOwner ? { path: join(dir, metainfo.name) } : { dir }),
    ...(wants === undefined ? {} : { priorities: wantedOnly(metainfo, wants) }),
    resume,
  });
}

/** 1 is the least priority of what is wanted, 0 is not wanted. */
function wantedOnly(metainfo: Metainfo, wants: readonly string[]): (file: number) => Priority {
  return (file) => (wants.includes(innerPath(metainfo, file)) ? 1 : 0);
}

const innerPath = ({ files, isMultiFile }: Metainfo, file: number): string =>
  (files[file]?.path ?? []).slice(isMultiFile ? 1 : 0).join('/');
