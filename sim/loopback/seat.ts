/** One peer of the plan over all of its lives: where it is, what it has, what it is told and how it is doing. */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { piecesHeld } from '../holding.ts';
import type { PeerSpec, Plan } from '../plan.ts';
import type { Resume } from '../timeline.ts';
import type { PeerObservation } from '../world.ts';
import { giveAll, givePieces } from './belongings.ts';
import type { Content } from './contents.ts';
import { PairLedger } from '../pair-ledger.ts';
import type {
  PeerCommand,
  PeerEvent,
  PeerFigures,
  PeerLife,
  PeerOrder,
  TorrentOrder,
} from './peer-orders.ts';

export type SeatOptions = {
  readonly plan: Plan;
  readonly spec: PeerSpec;
  readonly contents: readonly Content[];
  readonly ip: string;
  /** All of the peer's own. */
  readonly dir: string;
  readonly beginLife: (order: PeerOrder, seat: Seat) => Promise<PeerLife>;
  readonly onEvent: (name: string, event: PeerEvent) => void;
};

/** Payload in bytes, all torrents together. */
type Sums = { readonly bytesDown: number; readonly bytesUp: number; readonly bytesWasted: number };

const noSums: Sums = { bytesDown: 0, bytesUp: 0, bytesWasted: 0 };

export class Seat {
  readonly spec: PeerSpec;
  readonly dir: string;
  readonly ledger: PairLedger = new PairLedger();
  readonly #options: SeatOptions;
  #life: PeerLife | undefined;
  #isLeaving = false;
  #figures: PeerFigures | undefined;
  #thisLife = noSums;
  #earlierLives = noSums;
  #earlierClaims = 0;
  #hasBelongings = false;
  #wasKilled = false;

  constructor(options: SeatOptions) {
    this.#options = options;
    this.spec = options.spec;
    this.dir = options.dir;
  }

  get isUp(): boolean {
    return this.#life !== undefined && !this.#isLeaving;
  }

  /** Whether some life of it ended without its own doing, so that it may have left something behind. */
  get wasKilled(): boolean {
    return this.#wasKilled;
  }

  /** Begins a life, the first or another. Rejects when it is up already, or when it cannot be started. */
  async join(blockedIps: readonly string[], resume: Resume = 'trust'): Promise<void> {
    const { spec, ip, dir, plan } = this.#options;
    if (this.#life !== undefined) throw new Error(`${spec.name} is up already`);
    const torrents: TorrentOrder[] = [];
    for (const { content, wants } of spec.contents)
      torrents.push({
        ...(await this.#belongings(content, resume)),
        ...(wants === undefined ? {} : { wants }),
      });
    this.#hasBelongings = true;
    const { name, peerId, client, link, options, corrupt } = spec;
    const port = this.#figures?.address.port ?? 0;
    const { seed, record } = plan;
    const own = { name, peerId, client, ip, port, seed, dir, link, options, corrupt, record };
    this.#life = await this.#options.beginLife({ ...own, blockedIps, torrents }, this);
    await this.observe();
  }

  /** Ends the life gracefully. Rejects when it had to be killed. */
  async leave(): Promise<void> {
    const life = this.#require();
    this.#isLeaving = true;
    try {
      this.#see(await life.perform({ type: 'observe' }));
      this.#see(await life.perform({ type: 'stop' }));
      this.#ended();
    } catch (error) {
      await this.crash();
      throw error;
    }
  }

  /** Ends the life as a crash does. Harmless when there is none. */
  async crash(): Promise<void> {
    const life = this.#life;
    if (life === undefined) return;
    this.#isLeaving = true;
    this.#wasKilled = true;
    const last = await life.kill();
    if (last !== undefined) this.#see(last);
    if (this.#life === life) this.#ended();
  }

  /** Tells it something. Rejects when it is not up. */
  async tell(command: PeerCommand): Promise<void> {
    this.#see(await this.#require().perform(command));
  }

  /** Asks how it is doing; what it last said stays when it is gone. */
  async observe(): Promise<void> {
    const life = this.#life;
    if (life === undefined || this.#isLeaving) return;
    const figures = await life.perform({ type: 'observe' });
    if (this.#life === life) this.#see(figures);
  }

  hear(event: PeerEvent): void {
    this.ledger.hear(event.event);
    this.#options.onEvent(this.spec.name, event);
  }

  /** The process of the peer ended by itself. */
  lost(): void {
    this.#wasKilled = true;
    this.#ended();
  }

  /** See `Ending.claimsHeld`. */
  get claimsHeld(): number {
    return this.#earlierClaims + (this.#life === undefined ? 0 : (this.#figures?.claimsHeld ?? 0));
  }

  get hasJoined(): boolean {
    return this.#figures !== undefined;
  }

  /** Undefined before it joined, and while it ends: until then its last figures are not known. */
  get observation(): PeerObservation | undefined {
    if (this.#figures === undefined || this.#isLeaving) return undefined;
    const { address, torrents } = this.#figures;
    const stats = torrents.map((torrent) => torrent.stats);
    const pauseReason = stats.find((torrent) => torrent.pauseReason !== undefined)?.pauseReason;
    const sum = (count: (of: (typeof stats)[number]) => number): number =>
      stats.reduce((total, of) => total + count(of), 0);
    // Who has stopped with nobody telling it to is as good as gone.
    const isUp = this.isUp && stats.some(({ state }) => state !== 'stopped');
    return {
      role: this.spec.role,
      isUp,
      address,
      peerId: this.spec.peerId,
      piecesHave: sum(({ piecesHave }) => piecesHave),
      pieceCount: sum(({ pieceCount }) => pieceCount),
      isComplete: torrents.every(({ isComplete }) => isComplete),
      ...plus(this.#earlierLives, this.#thisLife),
      downBytesPerSec: isUp ? sum(({ downBytesPerSec }) => downBytesPerSec) : 0,
      upBytesPerSec: isUp ? sum(({ upBytesPerSec }) => upBytesPerSec) : 0,
      connections: isUp ? sum(({ peers }) => peers.length) : 0,
      ...(pauseReason === undefined ? {} : { pauseReason }),
    };
  }

  #see(figures: PeerFigures): void {
    this.#figures = figures;
    this.#thisLife = figures.torrents.map(({ stats }) => stats).reduce(plus, noSums);
    this.ledger.see(figures);
  }

  #require(): PeerLife {
    if (this.#life === undefined || this.#isLeaving) throw new Error(`${this.spec.name} is not up`);
    return this.#life;
  }

  #ended(): void {
    this.#earlierClaims = this.claimsHeld;
    this.#life = undefined;
    this.#isLeaving = false;
    this.#earlierLives = plus(this.#earlierLives, this.#thisLife);
    this.#thisLife = noSums;
    this.ledger.end();
  }

  /** Puts down what the peer holds before its first life, and says how to take part. */
  async #belongings(index: number, resume: Resume): Promise<TorrentOrder> {
    const { plan, spec, contents, dir } = this.#options;
    const content = contents[index];
    if (content === undefined) throw new RangeError(`${spec.name} wants content ${index}`);
    const place = join(dir, String(index));
    const { pieceCount } = content.facts;
    const held = piecesHeld(plan, spec, { index, pieceCount });
    const isOwner = held.length === pieceCount;
    if (!this.#hasBelongings && isOwner) await giveAll(content, place);
    else if (!this.#hasBelongings) await givePieces(content, place, held);
    else if (!isOwner && resume === 'none') await rm(place, { recursive: true, force: true });
    return { torrentPath: content.torrentPath, dir: place, isOwner, resume };
  }
}

const plus = (a: Sums, b: Sums): Sums => ({
  bytesDown: a.bytesDown + b.bytesDown,
  bytesUp: a.bytesUp + b.bytesUp,
  bytesWasted: a.bytesWasted + b.bytesWasted,
});
