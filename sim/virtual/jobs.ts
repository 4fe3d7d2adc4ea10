/** Carries out what the torrents of one life ask of disk, hasher and trackers, and hands the results back as inputs. */
import { never } from '../../core/never.ts';
import type { DiskFailure, JobInput, JobOutput } from '../../core/swarm/jobs.ts';
import type { SwarmEvent } from '../../core/swarm/event.ts';
import type { InfoHash } from '../../core/torrent/ids.ts';
import { encodeAnnounceQuery } from '../../core/tracker/announce.ts';
import { decodeAnnounceAnswer } from '../../core/tracker/announce-answer.ts';
import { TrackerError } from '../../core/tracker/error.ts';
import type { SessionInput } from '../../core/swarm/session.ts';
import type { Spoiler } from '../spoiler.ts';
import { announceUrl } from './tracker.ts';
import type { VirtualDisk } from './disk.ts';
import type { Scheduler } from './scheduler.ts';
import type { Shelf } from './shelf.ts';
import type { TrackerReply, TrackerRoad } from './tracker-road.ts';
import type { Pieces } from '../../core/torrent/pieces.ts';

export type JobsOptions = {
  readonly scheduler: Scheduler;
  readonly disk: VirtualDisk;
  readonly road: TrackerRoad;
  /** The host's address now. */
  readonly ip: () => string;
  readonly spoiler: Spoiler;
  readonly torrents: ReadonlyMap<InfoHash, HeldTorrent>;
  readonly feed: (input: SessionInput) => void;
  readonly onEvent: (event: SwarmEvent) => void;
};

export type HeldTorrent = { readonly shelf: Shelf; readonly pieces: Pieces };

type Job<Type extends JobOutput['type']> = Extract<JobOutput, { readonly type: Type }>;

/** BEP 3 leaves the rest of an announce URL to the tracker; ours is asked for this. */
const announceTarget = announceUrl.slice(announceUrl.indexOf('/', 'http://'.length));

export class Jobs {
  readonly #options: JobsOptions;
  #isEnded = false;

  constructor(options: JobsOptions) {
    this.#options = options;
  }

  /** Nothing that is under way is heard of any more. */
  end(): void {
    this.#isEnded = true;
  }

  handle(job: JobOutput): void {
    if (job.type === 'event') return this.#options.onEvent(job.event);
    const held = this.#options.torrents.get(job.infoHash);
    if (held === undefined) return;
    switch (job.type) {
      case 'store':
        return held.shelf.store(job.piece, job.begin, job.block);
      case 'verify':
        return this.#verify(job, held);
      case 'write':
        return this.#write(job, held);
      case 'discard':
        return held.shelf.discard(job.piece);
      case 'read':
        return this.#read(job, held);
      case 'recheck':
        return this.#tell(job, { type: 'rechecked', have: held.shelf.intact() });
      case 'close':
        held.shelf.close();
        return this.#tell(job, { type: 'closed' });
      case 'announce':
        return this.#announce(job);
      default:
        return never(job);
    }
  }

  #tell({ infoHash }: { readonly infoHash: InfoHash }, input: JobInput): void {
    if (!this.#isEnded) this.#options.feed({ ...input, infoHash });
  }

  #verify({ infoHash, piece, wantDigests }: Job<'verify'>, { shelf }: HeldTorrent): void {
    if (this.#isEnded) return;
    this.#options.feed({
      type: 'verified',
      infoHash,
      piece,
      ...shelf.verify(piece, wantDigests),
    });
  }

  #write(job: Job<'write'>, { shelf, pieces }: HeldTorrent): void {
    const { infoHash, piece } = job;
    this.#options.disk.write(pieces.lengthOf(piece), (failure) => {
      if (this.#isEnded) return;
      if (failure !== undefined) return this.#tell(job, { type: 'disk-failed', failure, piece });
      shelf.write(this.#options.scheduler.now, piece);
      this.#options.feed({ type: 'written', infoHash, piece });
    });
  }

  #read(job: Job<'read'>, held: HeldTorrent): void {
    const { disk } = this.#options;
    // No closure for what is in memory: this happens for every block of a run.
    if (disk.isInstant) return this.#serve(job, held, disk.health.failure);
    disk.read(job.length, (failure) => {
      this.#serve(job, held, failure);
    });
  }

  #serve(job: Job<'read'>, { shelf }: HeldTorrent, failure: DiskFailure | undefined): void {
    if (this.#isEnded) return;
    if (failure !== undefined) return this.#tell(job, { type: 'disk-failed', failure });
    const { spoiler, feed } = this.#options;
    const { infoHash, conn, piece, begin, length } = job;
    const block = spoiler.pass(shelf.read(piece, begin, length));
    feed({ type: 'read', infoHash, conn, piece, begin, block });
  }

  #announce(job: Job<'announce'>): void {
    const { url, request } = job;
    if (!url.startsWith(announceUrl))
      return this.#tell(job, { type: 'announce-failed', url, reason: 'no such host' });
    const target = `${announceTarget}?${encodeAnnounceQuery(request)}`;
    this.#options.road.ask({ target, remoteIp: this.#options.ip() }, (reply) => {
      this.#tell(job, announced(url, reply));
    });
  }
}

function announced(url: string, reply: TrackerReply): JobInput {
  if ('failure' in reply) return { type: 'announce-failed', url, reason: reply.failure };
  try {
    return { type: 'announced', url, answer: decodeAnnounceAnswer(reply.body) };
  } catch (error) {
    if (!(error instanceof TrackerError)) throw error;
    return { type: 'announce-failed', url, reason: error.message };
  }
}
