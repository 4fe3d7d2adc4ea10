/** One peer of the plan over all of its lives: its host, what lies on its disk, what is done to it and how it is doing. */
import { randomStream } from '../../core/random.ts';
import type { SwarmEvent } from '../../core/swarm/event.ts';
import type { TorrentFigures } from '../../core/swarm/stats.ts';
import type { Endpoint, InfoHash } from '../../core/torrent/ids.ts';
import type { Corruption, Resume } from '../action.ts';
import { piecesHeld } from '../holding.ts';
import { PairLedger } from '../pair-ledger.ts';
import { Spoiler } from '../spoiler.ts';
import type { FileFound, PeerObservation } from '../world.ts';
import { type WrittenRates, accessOf, ratesOf } from './access.ts';
import { ipOf, peerPort } from './addresses.ts';
import { VirtualDisk } from './disk.ts';
import type { HeldTorrent } from './jobs.ts';
import type { Host } from './network/host.ts';
import type { Network } from './network/network.ts';
import { Running, type RunningOptions } from './running.ts';
import { Shelf } from './shelf.ts';

export type SeatOptions = Pick<
  RunningOptions,
  'plan' | 'spec' | 'contents' | 'matter' | 'scheduler' | 'road' | 'tools' | 'witness'
> & {
  readonly network: Network;
  readonly onEvent: (name: string, event: SwarmEvent) => void;
};

/** Payload in bytes, all torrents together. */
type Sums = { readonly bytesDown: number; readonly bytesUp: number; readonly bytesWasted: number };

const noSums: Sums = { bytesDown: 0, bytesUp: 0, bytesWasted: 0 };

export class Seat {
  readonly spec: SeatOptions['spec'];
  readonly ledger: PairLedger = new PairLedger();
  readonly #options: SeatOptions;
  readonly #shelves = new Map<InfoHash, HeldTorrent>();
  readonly #disk: VirtualDisk;
  readonly #spoiler: Spoiler;
  readonly #complete = new Set<InfoHash>();
  #host: Host | undefined;
  #running: Running | undefined;
  #isLeaving = false;
  /** Where it was before it moved, the earliest first. */
  readonly #movedFrom: Endpoint[] = [];
  /** As last seen, in this life or the one before. */
  #figures: readonly TorrentFigures[] = [];
  #connections = 0;
  #earlierLives = noSums;
  /** Torrents that have not stopped yet, and whom to tell when none is left. */
  #leaving: { readonly torrents: Set<InfoHash>; readonly done: () => void } | undefined;

  constructor(options: SeatOptions) {
    const { plan, spec, scheduler, matter } = options;
    this.#options = options;
    this.spec = spec;
    this.#disk = new VirtualDisk(scheduler, spec.disk);
    const random = randomStream(plan.seed, `${spec.name}/corrupt`);
    this.#spoiler = new Spoiler(spec.corrupt, random, (block) => matter.spoil(block));
  }

  get isUp(): boolean {
    return this.#running !== undefined && !this.#isLeaving;
  }

  get hasJoined(): boolean {
    return this.#host !== undefined;
  }

  /** Where it is; undefined before it joined. */
  get host(): Host | undefined {
    return this.#host;
  }

  /** Begins a life, the first or another. Throws when it is up already. */
  join(resume: Resume = 'trust'): void {
    const { spec } = this.#options;
    if (this.#running !== undefined) throw new Error(`${spec.name} is up already`);
    this.furnish();
    this.#requireHost().appear();
    // Whoever begins anew has a disk that is well, as on loopback: nobody would heal it any more.
    this.#disk.health.heal();
    const running = new Running({
      ...this.#options,
      shelves: this.#shelves,
      host: this.#requireHost(),
      disk: this.#disk,
      spoiler: this.#spoiler,
      onEvent: (event) => this.#heard(event),
    });
    this.#running = running;
    running.open(resume);
    this.see();
  }

  /** Begins to leave; `done` is called when the farewells were said or given up. Throws when it is not up. */
  leave(done: () => void): void {
    const running = this.#up;
    const torrents = new Set(this.#shelves.keys());
    this.see();
    this.#isLeaving = true;
    this.#leaving = {
      torrents,
      done: () => {
        this.#ended('close');
        done();
      },
    };
    running.stop();
  }

  /** As a killed process, or as a host without power. Throws when it is not up. */
  crash(how: 'crash' | 'vanish'): void {
    const { scheduler } = this.#options;
    if (this.#running === undefined) throw new Error(`${this.spec.name} is not up`);
    this.see();
    this.#leaving = undefined;
    this.#ended(how);
    for (const { shelf } of this.#shelves.values())
      if (how === 'crash') shelf.abandon();
      else shelf.losePower(scheduler.now);
  }

  freeze(): void {
    this.#up.freeze();
  }

  thaw(): void {
    this.#up.thaw();
  }

  limit(rates: WrittenRates): void {
    this.#requireHost().limit(ratesOf(rates));
  }

  corrupt(blocks: Corruption): void {
    this.#spoiler.set(blocks);
  }

  fillDisk(afterBytes: number): void {
    this.#disk.health.fill(afterBytes);
  }

  breakDisk(): void {
    this.#disk.health.break();
  }

  healDisk(): void {
    this.#disk.health.heal();
    this.#running?.resume();
  }

  move(): void {
    const host = this.#requireHost();
    this.#movedFrom.push({ ip: host.ip, port: peerPort });
    host.moveTo(ipOf(this.spec.number, this.#movedFrom.length));
  }

  disconnect(ips: ReadonlySet<string>): void {
    this.#running?.disconnect(ips);
  }

  /** Looks how it is doing; what was last seen stays when it is gone. */
  see(): void {
    if (this.#running === undefined) return;
    const { figures } = this.#running;
    // A torrent that stands still says that it does, and no longer what it had been doing.
    for (const [infoHash, { state }] of figures) {
      if (state === 'seeding') this.#complete.add(infoHash);
      if (state === 'downloading') this.#complete.delete(infoHash);
    }
    this.#figures = [...figures.values()];
    this.#connections = this.#running.connections;
  }

  /** As last seen; undefined before it joined. */
  get observation(): PeerObservation | undefined {
    if (this.#host === undefined) return undefined;
    const figures = this.#figures;
    const sum = (count: (of: TorrentFigures) => number): number =>
      figures.reduce((total, of) => total + count(of), 0);
    // Who has stopped with nobody telling it to is as good as gone.
    const isUp = this.isUp && figures.some(({ state }) => state !== 'stopped');
    const pauseReason = figures.find((torrent) => torrent.pauseReason !== undefined)?.pauseReason;
    return {
      role: this.spec.role,
      isUp,
      address: { ip: this.#host.ip, port: peerPort },
      ...(this.#movedFrom.length > 0 && { movedFrom: [...this.#movedFrom] }),
      peerId: this.spec.peerId,
      piecesHave: sum(({ piecesHave }) => piecesHave),
      pieceCount: sum(({ pieceCount }) => pieceCount),
      isComplete: this.#complete.size === figures.length,
      ...(this.#running === undefined ? this.#earlierLives : this.#sums()),
      downBytesPerSec: isUp ? sum(({ downBytesPerSec }) => downBytesPerSec) : 0,
      upBytesPerSec: isUp ? sum(({ upBytesPerSec }) => upBytesPerSec) : 0,
      connections: isUp ? this.#connections : 0,
      ...(pauseReason === undefined ? {} : { pauseReason }),
    };
  }

  files(): readonly FileFound[] {
    return this.spec.contents.flatMap(({ content }) => {
      const infoHash = this.#options.contents[content]?.facts.infoHash;
      const held = infoHash && this.#shelves.get(infoHash);
      return held?.shelf.files(this.spec.name, content) ?? [];
    });
  }

  get #up(): Running {
    if (this.#running === undefined || this.#isLeaving)
      throw new Error(`${this.spec.name} is not up`);
    return this.#running;
  }

  #requireHost(): Host {
    if (this.#host === undefined) throw new Error(`${this.spec.name} never joined`);
    return this.#host;
  }

  /** Before the first life: a host, and on its disk what the peer brings along. Harmless when that is there. */
  furnish(): void {
    if (this.#host !== undefined) return;
    const { plan, spec, contents, matter, network } = this.#options;
    this.#host = network.addHost({
      name: spec.name,
      ip: ipOf(spec.number, 0),
      access: accessOf(spec),
    });
    for (const { content: index } of spec.contents) {
      const content = contents[index];
      if (content === undefined) throw new RangeError(`${spec.name} wants content ${index}`);
      const held = piecesHeld(plan, spec, { index, pieceCount: content.pieces.count });
      const shelf = new Shelf(content, matter, held);
      this.#shelves.set(content.facts.infoHash, { shelf, pieces: content.pieces });
    }
  }

  #heard(event: SwarmEvent): void {
    this.ledger.hear(event);
    this.#options.onEvent(this.spec.name, event);
    if (event.type !== 'stopped' || this.#leaving === undefined) return;
    const { torrents, done } = this.#leaving;
    torrents.delete(event.infoHash);
    if (torrents.size > 0) return;
    this.#leaving = undefined;
    // Not inside of the session that is telling it.
    this.#options.scheduler.at(this.#options.scheduler.now, done);
  }

  #sums(): Sums {
    return this.#figures.reduce<Sums>(
      (total, of) => ({
        bytesDown: total.bytesDown + of.bytesDown,
        bytesUp: total.bytesUp + of.bytesUp,
        bytesWasted: total.bytesWasted + of.bytesWasted,
      }),
      this.#earlierLives,
    );
  }

  #ended(how: 'close' | 'crash' | 'vanish'): void {
    const running = this.#running;
    if (running === undefined) return;
    this.see();
    this.ledger.see(running.exchanged);
    running.end(how);
    this.ledger.end();
    this.#earlierLives = this.#sums();
    this.#running = undefined;
    this.#isLeaving = false;
  }
}
