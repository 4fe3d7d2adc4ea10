/** One peer and its tracker: upload, look for, download and leave, as the commands and the menu do it. */
import { stat } from 'node:fs/promises';
import { type CreatedTorrent, createTorrent } from '../../core/net/create.ts';
import { startPeer } from '../../core/net/peer.ts';
import type { RunningPeer } from '../../core/net/running-peer.ts';
import type { RunningTorrent } from '../../core/net/running-torrent.ts';
import { publish } from '../../core/net/tracker-client.ts';
import type { CatalogueEntry } from '../../core/tracker/catalogue.ts';
import type { Endpoint, InfoHash } from '../../core/torrent/ids.ts';
import type { Metainfo } from '../../core/torrent/metainfo.ts';
import { CommandError } from '../command-line/command-error.ts';
import { exitCode } from '../command-line/exit-code.ts';
import type { TrackerPlace } from '../options/tracker-url.ts';
import { peerIdText } from '../show/peer-id-text.ts';
import { Registrations } from './registrations.ts';
import { asked, catalogueOf } from './torrent-source.ts';

export type SharingOptions = {
  readonly ip: string;
  readonly port: number;
  readonly tracker: TrackerPlace;
  readonly outDir: string;
  readonly announceIp?: string | undefined;
  readonly upBytesPerSec?: number | undefined;
  readonly downBytesPerSec?: number | undefined;
};

/** How far hashing is, in bytes. */
export type OnProgress = (doneBytes: number, totalBytes: number) => void;

export type Shared = {
  readonly torrent: RunningTorrent;
  /** Of the tracker's catalogue. */
  readonly id: number;
};

export class Sharing implements AsyncDisposable {
  readonly #peer: RunningPeer;
  readonly #options: SharingOptions;
  readonly #registrations: Registrations;

  private constructor(peer: RunningPeer, options: SharingOptions, registrations: Registrations) {
    this.#peer = peer;
    this.#options = options;
    this.#registrations = registrations;
  }

  /** Rejects with the system's error when the address cannot be had. */
  static async start(options: SharingOptions): Promise<Sharing> {
    const { announceIp, upBytesPerSec, downBytesPerSec } = options;
    const registrations = new Registrations();
    const peer = await startPeer({
      ip: options.ip,
      port: options.port,
      outDir: options.outDir,
      onEvent: (event) => registrations.happened(event),
      ...(announceIp !== undefined && { announceIp }),
      ...(upBytesPerSec !== undefined && { upBytesPerSec }),
      ...(downBytesPerSec !== undefined && { downBytesPerSec }),
    });
    return new Sharing(peer, options, registrations);
  }

  /** The peer id as text, fit for a file name. */
  get peerId(): string {
    return peerIdText(this.#peer.peerId);
  }

  get address(): Endpoint {
    return this.#peer.address;
  }

  get torrents(): readonly RunningTorrent[] {
    return this.#peer.torrents;
  }

  find(infoHash: InfoHash): RunningTorrent | undefined {
    return this.torrents.find((torrent) => torrent.infoHash === infoHash);
  }

  catalogue(signal: AbortSignal): Promise<readonly CatalogueEntry[]> {
    return catalogueOf(this.#options.tracker, signal);
  }

  /** Hashes what lies at `path`, tells the tracker, and seeds it; resolves when the tracker has taken us in. */
  async upload(path: string, onProgress: OnProgress, signal: AbortSignal): Promise<Shared> {
    const { tracker } = this.#options;
    const made = await this.#describe(path, onProgress, signal);
    const { infoHash, name } = made.metainfo;
    const held = this.find(infoHash);
    if (held !== undefined) throw alreadyShared(held);
    const { id } = await asked(publish(tracker.base, made.bytes, { signal }));
    const registered = this.#registrations.next(infoHash, signal);
    const torrent = await this.#peer.add(made.metainfo, { path, signal });
    const failure = await registered;
    if (failure === undefined) return { torrent, id };
    await torrent.stop();
    throw new CommandError(`fail: the tracker did not take ${name}: ${failure}`, {
      code: 'tracker',
      exit: exitCode.unable,
    });
  }

  /** Joins the swarm; `completed` of what it returns tells the end. */
  async download(metainfo: Metainfo, how: DownloadOptions): Promise<RunningTorrent> {
    const held = this.find(metainfo.infoHash);
    if (held !== undefined) throw alreadyShared(held);
    const { fileName, trackers = [[this.#options.tracker.announceUrl]], onProgress, signal } = how;
    return this.#peer.add(metainfo, {
      trackers,
      signal,
      ...(fileName !== undefined && { fileName }),
      ...(onProgress !== undefined && { onProgress }),
    });
  }

  /** Leaves every swarm, the tracker told; returns what was shared. */
  async leaveAll(): Promise<readonly RunningTorrent[]> {
    const { torrents } = this;
    await Promise.all(torrents.map((torrent) => torrent.stop()));
    return torrents;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#peer.stop();
  }

  async #describe(
    path: string,
    onProgress: OnProgress,
    signal: AbortSignal,
  ): Promise<CreatedTorrent> {
    await stat(path); // Its error names the path as the user wrote it.
    const trackers = [[this.#options.tracker.announceUrl]];
    return createTorrent(path, { trackers, onProgress, signal });
  }
}

export type DownloadOptions = {
  readonly signal: AbortSignal;
  /** Instead of the torrent's own name. */
  readonly fileName?: string;
  /** Instead of the one tracker this peer works with. */
  readonly trackers?: readonly (readonly string[])[];
  readonly onProgress?: OnProgress;
};

function alreadyShared(torrent: RunningTorrent): CommandError {
  const { name } = torrent.metainfo;
  const isSeeding = torrent.stats().state === 'seeding';
  const [code, what] = isSeeding
    ? ['already-seeding', 'already seeding']
    : ['already-downloading', 'already downloading'];
  return new CommandError(`${what} ${name}`, { code, exit: exitCode.failed });
}
