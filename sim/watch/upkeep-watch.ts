/** What must be so at every look, and what must be put right soon: judged when the torrent has just kept house. */
import type { Instant } from '../../core/time.ts';
import { type AskingWatch, openOf } from './asking-watch.ts';
import type { DataWatch } from './data-watch.ts';
import type { Line } from './line.ts';
import { Persistence } from './persistence.ts';
import { type Shared, isComplete } from './shared.ts';

/** Whoever keeps house so often may be late by as much, and by a little more. */
const slackMs = 100;

/** With as many blocks on their way our own line may be what is slow, and nobody else is asked. */
const leastBacklog = 16;

/** So many rounds without a change, while somebody waits, are no chance: a draw gives the same one time in two at most. */
const mostRounds = 14;

export class UpkeepWatch {
  readonly #shared: Shared;
  readonly #asking: AskingWatch;
  readonly #data: DataWatch;
  readonly #persistence = new Persistence();
  #lookedAt: Instant | undefined;
  #unchokedAt: Instant | undefined;
  /** Since when those who wait have their turns; undefined while who gives most is served. */
  #turnsSince: Instant | undefined;
  /** Pieces that have failed: they are asked of one peer at a time. */
  readonly #suspects = new Set<number>();

  constructor(shared: Shared, parts: { readonly asking: AskingWatch; readonly data: DataWatch }) {
    this.#shared = shared;
    this.#asking = parts.asking;
    this.#data = parts.data;
  }

  unchoked(now: Instant): void {
    this.#unchokedAt = now;
  }

  failed(piece: number): void {
    this.#suspects.add(piece);
  }

  /** Call after a tick. */
  look(now: Instant): void {
    const { lines, options, state } = this.#shared;
    if (state !== 'running') return;
    const pause = this.#lookedAt === undefined ? 0 : now - this.#lookedAt;
    this.#lookedAt = now;
    // It was frozen, or its clock stood: what was late meanwhile is not its fault.
    if (pause > 2 * options.housekeepingEvery + slackMs) this.#persistence.clear();
    this.#inside();
    for (const line of lines.values()) {
      this.#silence(now, line);
      if (line.isOpen) this.#open(now, line);
    }
    this.#slots(now);
  }

  #late(now: Instant, rule: Parameters<Shared['complain']>[0], about: About): void {
    const { complain, options } = this.#shared;
    const { line, what, mostMs = options.housekeepingEvery + slackMs } = about;
    const key = `${rule} ${line?.conn ?? ''} ${about.with?.conn ?? ''}`;
    if (this.#persistence.isLate(now, key, { ...about, mostMs }))
      complain(rule, line === undefined ? what : `${line.address.ip}: ${what}`);
  }

  #open(now: Instant, line: Line): void {
    const { have, isPaused, options } = this.#shared;
    const lacks = [...line.theyHave].filter((piece) => this.#lacks(piece));
    const isWanted = !isPaused && lacks.length > 0;
    this.#late(now, 'wants', {
      line,
      isWrong: line.amInterested !== isWanted,
      what: `interested: ${line.amInterested}, though it has ${lacks.length} pieces that are wanted`,
    });
    const untold = [...have].filter((piece) => !line.told.has(piece) && !line.theyHave.has(piece));
    this.#late(now, 'haveTold', {
      line,
      isWrong: untold.length > 0 && options.seedPolicy !== 'super',
      of: untold[0],
      what: `was not told of piece ${untold[0]}`,
      mostMs: this.#mayHoldFor(line) + options.housekeepingEvery + slackMs,
    });
    this.#late(now, 'pauses', {
      line,
      isWrong: isPaused && (!line.amChoking || this.#isAsked(now, line)),
      what: 'is served or asked',
    });
    this.#late(now, 'unchokeInterested', {
      line,
      isWrong: !line.amChoking && !line.peerInterested,
      what: 'holds a slot and wants nothing',
      mostMs: 2 * options.rechokeEvery + options.housekeepingEvery + slackMs,
    });
    this.#asks(now, line);
    this.#counts(now, line);
  }

  /** Who is choked and wants something already can do nothing with the news of a piece. */
  #mayHoldFor({ amChoking, peerInterested }: Line): number {
    return amChoking && peerInterested ? this.#shared.options.holdHavesFor : 0;
  }

  #lacks = (piece: number): boolean =>
    this.#shared.wanted.has(piece) && !this.#shared.have.has(piece);

  /** Whether it is still waited for with a block. */
  #isAsked(now: Instant, line: Line): boolean {
    const { requestLimit } = this.#shared.options;
    return openOf(line).some(({ at }) => now - at < requestLimit);
  }

  /** Who serves us and has something that nobody is asked for is asked for it. */
  #asks(now: Instant, line: Line): void {
    const { isPaused, options, pieces } = this.#shared;
    const isLimited = options.downBytesPerSec ?? options.peerDownBytesPerSec;
    const isReady = !line.peerChoking && line.amInterested && !isPaused && isLimited === undefined;
    const isIdle = isReady && openOf(line).length === 0 && this.#asking.open < leastBacklog;
    const { requestLimit, housekeepingEvery } = options;
    const begun = this.#asking.begun(now, requestLimit);
    // What is not waited for any more is given up, and gives its place to others, when house is kept.
    const held = this.#asking.begun(now, requestLimit + housekeepingEvery + slackMs).size;
    const isRoom = held < 2 || (held + 1) * pieces.pieceLength <= options.maxBufferedBytes;
    const free = isIdle
      ? this.#asking.freeBlockOf(
          line,
          (piece) => !this.#suspects.has(piece) && (begun.has(piece) || isRoom),
        )
      : undefined;
    this.#late(now, 'asksOn', {
      line,
      isWrong: free !== undefined,
      what: `serves us and is not asked for ${free}`,
    });
  }

  #counts(now: Instant, line: Line): void {
    const { options, torrent } = this.#shared;
    const open = openOf(line);
    const oldest = options.requestLimit + options.housekeepingEvery + slackMs;
    const most = open.filter(({ at }) => now - at <= oldest).length;
    const least = open.filter(({ at }) => now - at < options.requestLimit).length;
    const counted = torrent.parts.torrent.picker.requestsOf(line.conn);
    this.#late(now, 'expires', {
      line,
      isWrong: counted > most && counted <= open.length,
      what: `${counted} blocks are waited for, ${most} of them not for too long`,
    });
    this.#late(now, 'counts', {
      line,
      isWrong: counted < least || counted > open.length,
      what: `${counted} blocks are counted, ${open.length} were asked for`,
      mostMs: 0,
    });
  }

  #silence(now: Instant, line: Line): void {
    const { complain, options } = this.#shared;
    const slack = options.housekeepingEvery + slackMs;
    if (!line.isOpen) {
      if (now - line.since > options.handshakeLimit + slack)
        complain('dropsSilent', `${line.address.ip} shakes hands since ${line.since} ms`);
      return;
    }
    if (now - line.spokeAt > options.keepAliveEvery + slack)
      complain('keepsAlive', `to ${line.address.ip} nothing since ${line.spokeAt} ms`);
    if (now - line.heardAt > options.silenceLimit + slack)
      complain('dropsSilent', `${line.address.ip} says nothing since ${line.heardAt} ms`);
  }

  /** Slots are all in use when somebody wants one, and do not stay with the same for ever. */
  #slots(now: Instant): void {
    const { lines, options } = this.#shared;
    const open = [...lines.values()].filter(({ isOpen }) => isOpen);
    const waiting = open.find((line) => line.waitsSince !== undefined && this.#canBeServed(line));
    const served = open.filter(({ amChoking }) => !amChoking).length;
    const free = options.uploadSlots + options.optimisticSlots - served;
    this.#late(now, 'slotsMove', {
      isWrong: waiting !== undefined && free > 0 && !this.#shared.isPaused,
      what: `${free} slots are free, and ${waiting?.address.ip} waits`,
      mostMs: options.rechokeEvery + options.housekeepingEvery + slackMs,
    });
    if (waiting !== undefined) this.#turns(now, waiting);
    for (const line of open) this.#chances(now, line, open);
  }

  /** Whoever waits when slots are drawn for either gets one, or all who had one have lost it. */
  #chances(now: Instant, waiting: Line, open: readonly Line[]): void {
    const { options, torrent } = this.#shared;
    const { optimistic } = torrent.parts.choking;
    const mostMs = 2 * (options.optimisticEvery + options.rechokeEvery + options.housekeepingEvery);
    for (const holder of open)
      this.#late(now, 'slotsMove', {
        line: waiting,
        with: holder,
        isWrong:
          optimistic.has(holder.conn) &&
          waiting.waitsSince !== undefined &&
          this.#canBeServed(waiting) &&
          !this.#shared.isPaused,
        what: `waits since ${waiting.waitsSince} ms, while ${holder.address.ip} keeps its chance`,
        mostMs: mostMs + slackMs,
      });
  }

  #turns(now: Instant, waiting: Line): void {
    const { options, isPaused } = this.#shared;
    const isTurning =
      options.optimisticSlots > 0 ||
      (isComplete(this.#shared) && options.seedPolicy !== 'fastest-upload');
    // Who completes begins to serve them in turn, and owes nobody the time before.
    this.#turnsSince = isTurning ? (this.#turnsSince ?? now) : undefined;
    const slots = options.uploadSlots + options.optimisticSlots;
    const patience = mostRounds * Math.max(options.optimisticEvery, options.rechokeEvery);
    const begun = Math.max(waiting.waitsSince ?? now, this.#turnsSince ?? now);
    const since = Math.max(begun, this.#unchokedAt ?? -Infinity);
    this.#late(now, 'slotsMove', {
      line: waiting,
      isWrong: isTurning && slots > 0 && !isPaused && now - since > patience,
      what: `waits since ${waiting.waitsSince} ms, and nobody was unchoked since`,
      mostMs: 0,
    });
  }

  #canBeServed({ conn, theyHave }: Line): boolean {
    const { pieces, torrent } = this.#shared;
    const remote = torrent.parts.peers.of(conn)?.wire.remoteExtensions;
    return theyHave.size < pieces.count && remote?.uploadOnly !== true;
  }

  /** The torrent's own account against what was heard. */
  #inside(): void {
    const { complain, lines, options, pieces, torrent } = this.#shared;
    const { peers } = torrent.parts;
    const holders = new Uint32Array(pieces.count);
    const known = new Set<string>();
    for (const peer of peers.ready()) {
      const line = lines.get(peer.conn);
      if (line === undefined) continue;
      if (known.has(line.remoteId ?? '')) complain('twins', `${line.remoteId} twice`);
      known.add(line.remoteId ?? '');
      for (const piece of line.theyHave) holders[piece] = (holders[piece] ?? 0) + 1;
      if (peer.has.size !== line.theyHave.size)
        complain('remembers', `${line.address.ip} has ${line.theyHave.size}, not ${peer.has.size}`);
      if (this.#data.banned.has(peer.address.ip))
        complain('dials', `${peer.address.ip} is banned and connected`);
    }
    this.#availability(holders);
    if (peers.size > options.maxConnections) complain('connections', `${peers.size}`);
  }

  #availability(holders: Uint32Array): void {
    const { picker } = this.#shared.torrent.parts.torrent;
    holders.forEach((held, piece) => {
      const counted = picker.availability(piece as never);
      if (counted !== held)
        this.#shared.complain('availability', `${counted} hold piece ${piece}, true is ${held}`);
    });
  }
}

type About = {
  readonly line?: Line;
  /** Whom else it is about. */
  readonly with?: Line;
  readonly isWrong: boolean;
  readonly of?: number | undefined;
  readonly what: string;
  /** How long it may be wrong. */
  readonly mostMs?: number;
};
