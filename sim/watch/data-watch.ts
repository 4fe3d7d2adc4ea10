/** What becomes of the blocks that come: kept, verified, written, and who is blamed for what was bad. */
import type { JobInput, JobOutput } from '../../core/swarm/jobs.ts';
import type { SwarmEvent } from '../../core/swarm/event.ts';
import type { Line } from './line.ts';
import { keyOf } from './line.ts';
import { type Shared, isComplete } from './shared.ts';

/** A block as it came. */
export type Came = {
  readonly key: string;
  readonly line: Line;
  /** Whether it had been asked of that peer. */
  readonly wasAsked: boolean;
  readonly isHonest: boolean;
};

type Job<Type extends JobOutput['type']> = Extract<JobOutput, { readonly type: Type }>;

/** What a block was, and from where. */
type Kept = { readonly ip: string; readonly isHonest: boolean };

export class DataWatch {
  readonly #shared: Shared;
  /** Of pieces in memory: their blocks by `begin`. */
  readonly stored: Map<number, Map<number, Kept>> = new Map();
  readonly #verified = new Set<number>();
  /** Who spoilt blocks of a piece that failed. */
  readonly #liars = new Map<number, Set<string>>();
  /** Whoever sent a bad block. */
  readonly #spoilers = new Set<string>();
  readonly banned: Set<string> = new Set();
  #hasCompleted = false;

  constructor(shared: Shared) {
    this.#shared = shared;
  }

  /** Bytes of the pieces in memory. */
  get bufferedBytes(): number {
    let bytes = 0;
    for (const piece of this.stored.keys()) bytes += this.#shared.pieces.lengthOf(piece as never);
    return bytes;
  }

  /** A block has come; called before what follows from it. */
  came({ line, isHonest }: Came): void {
    if (!isHonest) this.#spoilers.add(line.address.ip);
  }

  /** What the world answers to a job; called before what follows from it. */
  told(input: JobInput): void {
    const { have, lines } = this.#shared;
    switch (input.type) {
      case 'opened':
        for (const piece of input.have.ones()) have.add(piece);
        return;
      case 'written':
        have.add(input.piece);
        this.stored.delete(input.piece);
        return;
      case 'verified':
        if (input.ok) this.#verified.add(input.piece);
        else this.#failed(input.piece);
        return;
      case 'rechecked':
        have.clear();
        for (const piece of input.have.ones()) have.add(piece);
        for (const line of lines.values()) forgetTold(line, have);
        this.#hasCompleted = isComplete(this.#shared);
        return;
      default:
        return;
    }
  }

  /** What the torrent wants done. `came` are the blocks that came with this input. */
  wants(job: JobOutput, came: readonly Came[]): void {
    switch (job.type) {
      case 'store':
        return this.#store(job, came);
      case 'verify':
        return this.#verify(job);
      case 'write':
        if (!this.#verified.delete(job.piece)) this.#wrong('writes', `piece ${job.piece}`);
        return;
      case 'discard':
        this.stored.delete(job.piece);
        return;
      case 'event':
        return this.#event(job.event);
      default:
        return;
    }
  }

  /** After all that one input caused. */
  settled(input: JobInput): void {
    const { torrent, options, pieces } = this.#shared;
    if (input.type === 'verified' && input.ok) this.#settle(input.piece);
    if (input.type === 'written' && isComplete(this.#shared) && !this.#hasCompleted)
      this.#wrong('completes', 'everything wanted is there, and nothing is said');
    const had = torrent.parts.torrent.have;
    if (had.size !== this.#shared.have.size)
      this.#wrong('has', `${had.size} pieces, ${this.#shared.have.size} were written`);
    // A block that comes late may begin its piece anew when there is no room for it.
    const most = Math.max(options.maxBufferedBytes, 2 * pieces.pieceLength) + pieces.pieceLength;
    if (this.bufferedBytes > most) this.#wrong('buffers', `${this.bufferedBytes} bytes`);
  }

  #wrong(rule: Parameters<Shared['complain']>[0], what: string): void {
    this.#shared.complain(rule, what);
  }

  #store({ piece, begin, block }: Job<'store'>, came: readonly Came[]): void {
    const key = keyOf({ piece, begin, length: block.length });
    const blocks = this.stored.get(piece) ?? new Map<number, Kept>();
    this.stored.set(piece, blocks);
    const found = came.find((each) => each.key === key);
    if (found === undefined || !found.wasAsked) this.#wrong('stores', `${key} was not asked for`);
    if (blocks.has(begin)) this.#wrong('stores', `${key} twice`);
    if (this.#shared.have.has(piece)) this.#wrong('stores', `${key} of a piece that is there`);
    if (found !== undefined)
      blocks.set(begin, { ip: found.line.address.ip, isHonest: found.isHonest });
  }

  #verify({ piece }: Job<'verify'>): void {
    const blocks = this.stored.get(piece)?.size ?? 0;
    const all = this.#shared.pieces.blockCount(piece);
    if (blocks !== all) this.#wrong('verifies', `piece ${piece} with ${blocks} of ${all} blocks`);
  }

  #failed(piece: number): void {
    const liars = this.#liars.get(piece) ?? new Set();
    this.#liars.set(piece, liars);
    for (const { ip, isHonest } of this.stored.get(piece)?.values() ?? [])
      if (!isHonest) liars.add(ip);
  }

  /** The piece has passed: it is known now who lied when it did not. */
  #settle(piece: number): void {
    const { peers } = this.#shared.torrent.parts;
    for (const ip of this.#liars.get(piece) ?? [])
      if (!peers.isBanned(ip)) this.#wrong('bansLiars', `${ip} spoilt piece ${piece}`);
    this.#liars.delete(piece);
  }

  #event(event: SwarmEvent): void {
    const { have } = this.#shared;
    if (event.type === 'piece-verified' && !have.has(event.piece))
      this.#wrong('has', `piece ${event.piece} is told of before it is written`);
    if (event.type === 'banned') {
      const { ip } = event.address;
      this.banned.add(ip);
      const isBad = this.#spoilers.has(ip) || this.#shared.facts.isHostileAt(ip);
      if (!isBad) this.#wrong('bansOnly', `${ip} sent nothing bad`);
    }
    if (event.type !== 'completed') return;
    if (!isComplete(this.#shared)) this.#wrong('completes', 'something wanted is missing');
    if (this.#hasCompleted) this.#wrong('completes', 'said twice');
    this.#hasCompleted = true;
  }
}

/** What is gone may be announced again. */
function forgetTold({ told }: Line, have: ReadonlySet<number>): void {
  for (const piece of told) if (!have.has(piece)) told.delete(piece);
}
