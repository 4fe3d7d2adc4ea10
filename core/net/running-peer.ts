/** A running peer: its torrents, its driver, and the faults a bench may put upon it. */
import { basename, dirname, resolve } from 'node:path';
import { mkdir } from 'node:fs/promises';
import type { Endpoint, InfoHash, PeerId } from '../torrent/ids.ts';
import type { Instant } from '../time.ts';
import type { Metainfo } from '../torrent/metainfo.ts';
import type { JobOutput } from '../swarm/jobs.ts';
import type { Priority } from '../swarm/picker/picker.ts';
import type { Rates } from '../swarm/rate-limits.ts';
import type { Self } from '../swarm/peer.ts';
import type { TorrentOptions } from '../swarm/options.ts';
import type { PeerOptions } from './peer-options.ts';
import type { Call, Listener } from './tcp.ts';
import { toHex } from '../bytes/hex.ts';
import { randomBytes, randomStream } from '../random.ts';
import { defaultTorrentOptions } from '../swarm/options.ts';
import { piecePriorities } from '../swarm/priorities.ts';
import { Session } from '../swarm/session.ts';
import { Pieces } from '../torrent/pieces.ts';
import { Driver } from './driver.ts';
import { sha1 } from './hash.ts';
import { PieceBuffers } from './piece-buffers.ts';
import { RunningTorrent } from './running-torrent.ts';
import { ReadCache } from './storage/read-cache.ts';
import { Storage } from './storage/storage.ts';
import { TorrentJobs } from './torrent-jobs.ts';
import { TrackerClient } from './tracker-client.ts';

export type AddOptions = {
  /** Seed this file or directory where it lies; nothing is written. */
  readonly path?: string;
  /** Where to download to. Default: the peer's `outDir`. */
  readonly dir?: string;
  /** Instead of the torrent's own top-level name. */
  readonly fileName?: string;
  /** Instead of the trackers the torrent names (BEP 12 tiers). */
  readonly trackers?: readonly (readonly string[])[];
  readonly torrent?: Partial<TorrentOptions>;
  /** For each file; default: all are wanted alike. */
  readonly priorities?: (file: number) => Priority;
  readonly resume?: 'trust' | 'check' | 'none';
  readonly onProgress?: (doneBytes: number, totalBytes: number) => void;
  readonly signal?: AbortSignal;
};

export type RunningPeerOptions = PeerOptions & {
  readonly seed: number | string;
  readonly peerId: PeerId;
  readonly listener: Listener;
  readonly clock: () => Instant;
};

/** How the program names itself to others (BEP 10, `v`). */
const clientVersion = 'Swarmproof 0.1';

type Held = { readonly jobs: TorrentJobs; readonly torrent: RunningTorrent };

export class RunningPeer implements AsyncDisposable {
  readonly #options: RunningPeerOptions;
  readonly #session: Session;
  readonly #driver: Driver;
  readonly #held = new Map<InfoHash, Held>();
  readonly #cache: ReadCache;
  readonly #ending = new AbortController();
  readonly #self: Self;
  readonly #trackers: TrackerClient;

  constructor(options: RunningPeerOptions) {
    this.#options = options;
    this.#cache = options.readCache ?? new ReadCache();
    this.#session = new Session({
      ...defaultTorrentOptions,
      ...options.torrent,
      ...ratesOf(options),
      form: options.disguise === undefined ? 'bytes' : 'values',
    });
    this.#self = {
      peerId: options.peerId,
      listenPort: options.listener.address.port,
      key: toHex(randomBytes(randomStream(options.seed, 'key'), 4)),
      clientVersion,
      sha1,
      ...(options.announceIp !== undefined && { announceIp: options.announceIp }),
    };
    this.#trackers = new TrackerClient({
      localAddress: options.listener.address.ip,
      random: randomStream(options.seed, 'transactions'),
    });
    this.#driver = new Driver({
      session: options.disguise?.(this.#session) ?? this.#session,
      clock: options.clock,
      ip: options.listener.address.ip,
      delayMs: options.delayMs ?? 0,
      job: (job) => this.#job(job),
      released: (bytes) => this.#cache.pool.giveBack(bytes),
    });
  }

  get peerId(): PeerId {
    return this.#options.peerId;
  }

  /** Where it listens. */
  get address(): Endpoint {
    return this.#options.listener.address;
  }

  get torrents(): readonly RunningTorrent[] {
    return [...this.#held.values()].map(({ torrent }) => torrent);
  }

  /** Joins the swarm of a torrent, to seed it or to download it. Rejects with DiskError, or when it is there already. */
  async add(metainfo: Metainfo, options: AddOptions = {}): Promise<RunningTorrent> {
    const { infoHash } = metainfo;
    if (this.#held.has(infoHash)) throw new Error(`already in this peer: ${metainfo.name}`);
    const place = this.#placeOf(metainfo, options);
    if (place.existing === 'download') await mkdir(place.dir, { recursive: true });
    const { storage, have, source } = await Storage.open({
      metainfo,
      ...place,
      cache: this.#cache,
      ...(this.#options.disk !== undefined && { disk: this.#options.disk }),
      ...(this.#options.fsync !== undefined && { fsync: this.#options.fsync }),
      ...(options.resume !== undefined && { resume: options.resume }),
      ...(options.onProgress !== undefined && { onProgress: options.onProgress }),
      ...(options.signal !== undefined && { signal: options.signal }),
    });
    const pieces = new Pieces(metainfo);
    const limits = { ...defaultTorrentOptions, ...this.#options.torrent, ...options.torrent };
    const torrent = this.#session.add(this.#driver.now, {
      infoHash,
      self: this.#self,
      pieces,
      trackers: options.trackers ?? metainfo.trackers,
      options: limits,
      random: (name) => randomStream(this.#options.seed, `${infoHash} ${name}`),
      ...(options.priorities !== undefined && {
        priorities: piecePriorities(metainfo, options.priorities),
      }),
    });
    const running = new RunningTorrent({
      metainfo,
      torrent,
      ...place,
      clock: this.#options.clock,
      command: (command) => this.#driver.feed({ ...command, infoHash }),
    });
    const buffers = new PieceBuffers({ pieces, maxBytes: limits.maxBufferedBytes });
    const { tamper } = this.#options;
    const jobs = new TorrentJobs({
      ...{ metainfo, storage, buffers, tamper },
      feed: (input) => this.#driver.feed(input),
    });
    this.#held.set(infoHash, { jobs, torrent: running });
    this.#driver.feed({ type: 'opened', infoHash, have: have.clone(), source });
    return running;
  }

  /** Somebody opened a connection to us. */
  called(call: Call): void {
    this.#driver.called(call);
  }

  /** Leaves every swarm in good order; afterwards nothing of the peer is left. */
  async stop(): Promise<void> {
    this.thaw();
    await Promise.all(this.torrents.map((torrent) => torrent.stop()));
    this.#ending.abort();
    this.#driver.end('close');
    await Promise.all([this.#options.listener.close(), this.#trackers.close()]);
  }

  /** Ends as a killed process does: connections reset, nobody told, nothing saved. */
  async crash(): Promise<void> {
    this.#ending.abort();
    this.#driver.end('reset');
    const files = [...this.#held.values()].map(({ jobs }) => jobs.abandon());
    await Promise.all([this.#options.listener.close(), this.#trackers.close(), ...files]);
  }

  /** Alive but silent, until `thaw`. */
  freeze(): void {
    this.#driver.freeze();
  }

  thaw(): void {
    this.#driver.thaw();
  }

  /** Sets the limits of the whole peer. */
  limit(rates: Rates): void {
    this.#session.limit(this.#driver.now, rates);
  }

  /** Ends the connections with this address, in every torrent; it may be dialled again. */
  disconnect(address: Endpoint): void {
    for (const torrent of this.torrents) torrent.disconnect(address);
  }

  /** Cuts the network towards some addresses; `() => false` heals it. */
  block(isBlocked: (address: Endpoint) => boolean): void {
    this.#driver.block(isBlocked);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  #placeOf(metainfo: Metainfo, { path, dir, fileName }: AddOptions): Place {
    if (path !== undefined) {
      const full = resolve(path);
      return { dir: dirname(full), name: basename(full), existing: 'seed' };
    }
    const out = resolve(dir ?? this.#options.outDir ?? 'output');
    return { dir: out, name: fileName ?? metainfo.name, existing: 'download' };
  }

  #job(job: JobOutput): void {
    const held = this.#held.get(job.infoHash);
    if (held === undefined) return;
    if (job.type === 'announce') return void this.#announce(job);
    if (job.type !== 'event') return held.jobs.handle(job);
    if (job.event.type === 'stopped') this.#held.delete(job.infoHash);
    this.#options.onEvent?.(job.event, this.#driver.now);
    held.torrent.happened(job.event);
  }

  async #announce(job: Extract<JobOutput, { readonly type: 'announce' }>): Promise<void> {
    const { infoHash, url, request } = job;
    const { signal } = this.#ending;
    try {
      const answer = await this.#trackers.announce(url, request, { signal });
      this.#driver.feed({ type: 'announced', infoHash, url, answer });
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      this.#driver.feed({ type: 'announce-failed', infoHash, url, reason });
    }
  }
}

type Place = {
  readonly dir: string;
  readonly name: string;
  readonly existing: 'seed' | 'download';
};

const ratesOf = ({ upBytesPerSec, downBytesPerSec }: PeerOptions): Rates => ({
  upBytesPerSec,
  downBytesPerSec,
});
