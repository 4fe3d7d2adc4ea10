/** One torrent of one life: hands what happens to the watch whose rules it is about. */
import type { JobInput, JobOutput } from '../../core/swarm/jobs.ts';
import { defaultTorrentOptions } from '../../core/swarm/options.ts';
import type { SessionInput } from '../../core/swarm/session.ts';
import type { Torrent } from '../../core/swarm/torrent.ts';
import type { ConnectionId, InfoHash } from '../../core/torrent/ids.ts';
import type { Saying } from '../../core/wire/saying.ts';
import type { Instant } from '../../core/time.ts';
import { wantedPieces } from '../evidence.ts';
import type { Life, WitnessFacts } from '../witness.ts';
import { AnnounceWatch } from './announce-watch.ts';
import { AskingWatch } from './asking-watch.ts';
import { type Came, DataWatch } from './data-watch.ts';
import { type Line, keyOf } from './line.ts';
import { RatesWatch } from './rate-watch.ts';
import type { rules } from './rules.ts';
import type { Shared } from './shared.ts';
import { Speech } from './speech.ts';
import { UpkeepWatch } from './upkeep-watch.ts';

export type TorrentWatchOptions = {
  readonly life: Life;
  readonly torrent: Torrent;
  readonly facts: WitnessFacts;
  readonly complain: (rule: keyof typeof rules, detail: string) => void;
};

export class TorrentWatch {
  readonly shared: Shared;
  readonly #speech: Speech;
  readonly #data: DataWatch;
  readonly #asking: AskingWatch;
  readonly #upkeep: UpkeepWatch;
  readonly #announces: AnnounceWatch;
  readonly #up: RatesWatch<ConnectionId>;
  readonly #down: RatesWatch<ConnectionId>;
  /** Blocks that came with this input. */
  #came: Came[] = [];
  #kept: Came[] = [];
  #chokedNow: Line[] = [];

  constructor(infoHash: InfoHash, options: TorrentWatchOptions) {
    this.shared = sharedOf(infoHash, options);
    const { options: limits } = this.shared;
    this.#speech = new Speech(this.shared);
    this.#data = new DataWatch(this.shared);
    this.#asking = new AskingWatch(this.shared, this.#data);
    this.#upkeep = new UpkeepWatch(this.shared, { asking: this.#asking, data: this.#data });
    this.#announces = new AnnounceWatch(this.shared);
    this.#up = new RatesWatch(limits.upBytesPerSec, limits.peerUpBytesPerSec);
    this.#down = new RatesWatch(limits.downBytesPerSec, limits.peerDownBytesPerSec);
  }

  /** The other side of a line of this torrent has said something. */
  heard(now: Instant, line: Line, saying: Saying): void {
    const { facts, infoHash, pieces } = this.shared;
    if (saying.type === 'piece') {
      const { piece, begin, block } = saying;
      const ref = { piece, begin, length: block.length };
      const key = keyOf(ref);
      const isHonest = facts.isHonest(infoHash, ref, block);
      const came = { key, line, wasAsked: line.welcome.has(key), isHonest };
      this.#came.push(came);
      this.#data.came(came);
      this.#announces.bytesDown += block.length;
    }
    line.hear(now, saying, pieces.count);
  }

  /** What the world or the user tells the torrent. */
  told(now: Instant, input: Extract<SessionInput, { readonly infoHash: InfoHash }>): void {
    switch (input.type) {
      case 'opened':
        this.shared.state = 'running';
        break;
      case 'stop':
        this.shared.state = 'over';
        break;
      case 'announced':
        this.#announces.answered(now, input.answer);
        break;
      case 'announce-failed':
        this.#announces.answered(now, undefined);
        break;
      case 'verified':
        if (!input.ok) this.#upkeep.failed(input.piece);
        break;
      case 'disk-failed':
        for (const line of this.shared.lines.values()) forgetReads(line);
        break;
      default:
        break;
    }
    this.#data.told(input as JobInput);
  }

  said(now: Instant, line: Line, saying: Saying): void {
    this.#speech.said(now, line, saying);
    if (saying.type === 'handshake') line.shook('ours', saying.handshake);
    if (saying.type === 'piece') this.#announces.bytesUp += saying.block.length;
    if (saying.type === 'unchoke') this.#upkeep.unchoked(now);
    if (saying.type === 'choke') this.#chokedNow.push(line);
    if (saying.type !== 'request') return;
    if (!this.#down.take(now, line.conn, saying.length))
      this.shared.complain('downRate', `${keyOf(saying)} of ${line.address.ip}`);
    this.#asking.asked(now, line, saying);
  }

  wants(now: Instant, job: JobOutput): void {
    if (job.type === 'read') this.#read(now, job);
    if (job.type === 'announce') this.#announces.announced(now, job.request);
    if (job.type === 'event' && job.event.type === 'paused') this.shared.isPaused = true;
    if (job.type === 'event' && job.event.type === 'resumed') this.shared.isPaused = false;
    if (job.type === 'event' && job.event.type === 'stopped') this.#announces.ended();
    this.#data.wants(job, this.#came);
    if (job.type !== 'store') return;
    const key = keyOf({ piece: job.piece, begin: job.begin, length: job.block.length });
    this.#kept.push(...this.#came.filter((came) => came.key === key));
  }

  dials(ip: string): void {
    if (this.#data.banned.has(ip)) this.shared.complain('dials', `${ip} is banned`);
    const key = [...this.shared.lines.values()].find(
      (line) => line.isOutgoing && line.address.ip === ip,
    );
    if (key !== undefined) this.shared.complain('dials', `${ip} is connected`);
  }

  forget(conn: ConnectionId): void {
    this.shared.lines.delete(conn);
    this.#up.forget(conn);
    this.#down.forget(conn);
  }

  /** After all that one input caused. */
  settled(now: Instant, input: SessionInput): void {
    const { complain, lines, options } = this.shared;
    this.#asking.settled(now, this.#kept);
    if ('infoHash' in input && input.infoHash === this.shared.infoHash)
      this.#data.settled(input as JobInput);
    for (const line of this.#chokedNow)
      if (line.fast && lines.has(line.conn) && line.owedCount > line.reads)
        complain('rejectsAll', `${line.owedCount - line.reads} blocks of ${line.address.ip}`);
    let served = 0;
    for (const line of lines.values()) {
      line.settled();
      if (line.isOpen && !line.amChoking) served += 1;
    }
    if (served > options.uploadSlots + options.optimisticSlots)
      complain('slots', `${served} peers are unchoked`);
    if (input.type === 'tick') {
      this.#upkeep.look(now);
      this.#announces.look(now);
    }
    this.#came = [];
    this.#kept = [];
    this.#chokedNow = [];
  }

  #read(now: Instant, job: Extract<JobOutput, { readonly type: 'read' }>): void {
    const { complain, isPaused, lines, options } = this.shared;
    const line = lines.get(job.conn);
    if (line === undefined) return;
    const ahead = line.unsentBytes + line.readingBytes;
    if (ahead >= options.maxUnsentBytes)
      complain('room', `${ahead} bytes lie ahead of ${line.address.ip}`);
    if (isPaused) complain('pauses', `reads for ${line.address.ip}`);
    if (!this.#up.take(now, job.conn, job.length))
      complain('upRate', `${job.length} bytes for ${line.address.ip}`);
    line.reads += 1;
    line.readingBytes += job.length;
  }
}

/** After a failure of the disk nobody knows which of the blocks that were being read still come. */
function forgetReads(line: Line): void {
  line.reads = Infinity;
  line.readingBytes = 0;
}

function sharedOf(
  infoHash: InfoHash,
  { life, torrent, facts, complain }: TorrentWatchOptions,
): Shared {
  const { plan, contents } = facts;
  const { name } = life.spec;
  const content = contents.findIndex((each) => each.infoHash === infoHash);
  const part = life.spec.contents.find((each) => each.content === content);
  const known = contents[content];
  const steps = [...plan.steps, ...plan.conditional];
  return {
    spec: life.spec,
    infoHash,
    torrent,
    options: { ...defaultTorrentOptions, ...life.spec.options },
    pieces: torrent.parts.torrent.pieces,
    wanted: known === undefined ? new Set() : wantedPieces(known, part?.wants),
    have: new Set(),
    lines: new Map(),
    facts,
    complain,
    isLiar:
      life.spec.corrupt !== 'never' ||
      steps.some(({ action }) => action.type === 'corrupt' && action.peer === name),
    isPaused: false,
    state: 'opening',
  };
}
