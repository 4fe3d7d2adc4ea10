/** One torrent of a running peer: how it stands, and what may be asked of it. */
import { join } from 'node:path';
import type { Endpoint, InfoHash } from '../torrent/ids.ts';
import type { Metainfo } from '../torrent/metainfo.ts';
import type { Command } from '../swarm/jobs.ts';
import type { Instant } from '../time.ts';
import type { SwarmEvent } from '../swarm/event.ts';
import type { Priority } from '../swarm/picker/picker.ts';
import type { Torrent } from '../swarm/torrent.ts';
import { piecePriorities } from '../swarm/priorities.ts';
import { type TorrentStats, torrentStats } from '../swarm/stats.ts';

export type RunningTorrentOptions = {
  readonly metainfo: Metainfo;
  readonly torrent: Torrent;
  /** Where the data lies once it is whole: a file or a directory. */
  readonly dir: string;
  readonly name: string;
  readonly clock: () => Instant;
  readonly command: (command: Command) => void;
};

export class RunningTorrent {
  readonly metainfo: Metainfo;
  readonly path: string;
  /** Resolves when all that is wanted is there; at once for a seed. */
  readonly completed: Promise<void>;
  /** Resolves when the torrent has ended: trackers told, progress saved, files closed. */
  readonly stopped: Promise<void>;
  readonly #options: RunningTorrentOptions;
  #resolveCompleted: () => void = () => undefined;
  #resolveStopped: () => void = () => undefined;

  constructor(options: RunningTorrentOptions) {
    this.#options = options;
    this.metainfo = options.metainfo;
    this.path = join(options.dir, options.name);
    this.completed = new Promise((resolve) => (this.#resolveCompleted = resolve));
    this.stopped = new Promise((resolve) => (this.#resolveStopped = resolve));
  }

  get infoHash(): InfoHash {
    return this.metainfo.infoHash;
  }

  pause(): void {
    this.#options.command({ type: 'pause' });
  }

  /** Goes on after `pause`, or after the disk has been put right. */
  resume(): void {
    this.#options.command({ type: 'resume' });
  }

  /** Asks for files with priority 1 (last) to 7 (first); 0 leaves a file out. */
  prioritise(ofFile: (file: number) => Priority): void {
    const priorities = piecePriorities(this.metainfo, ofFile);
    this.#options.command({ type: 'prioritise', priorities });
  }

  /** Dials these peers without asking a tracker. */
  meet(addresses: readonly Endpoint[]): void {
    this.#options.command({ type: 'meet', addresses });
  }

  /** Ends the connections with this address; it may be dialled again. */
  disconnect(address: Endpoint): void {
    this.#options.command({ type: 'drop', address });
  }

  /** Leaves the swarm: tells the trackers, saves progress, closes the files. */
  stop(): Promise<void> {
    this.#options.command({ type: 'stop' });
    return this.stopped;
  }

  /** The driver's word on what has happened. */
  happened(event: SwarmEvent): void {
    if (event.type === 'completed') this.#resolveCompleted();
    if (event.type === 'stopped') this.#resolveStopped();
  }

  stats(): TorrentStats {
    return torrentStats(this.#options.torrent, this.#options.clock());
  }
}
