/** All swarms of a tracker (BEP 3): who may come in, who was heard when, and what is forgotten. */
import { HalfSipHash } from '../bytes/half-siphash.ts';
import { type Random, randomBelow } from '../random.ts';
import { type Duration, type Instant, after, since } from '../time.ts';
import type { InfoHash } from '../torrent/ids.ts';
import { AddressBook } from './address-book.ts';
import { Announcement } from './announcement.ts';
import { ipAt } from './ip-words.ts';
import { Lots } from './lots.ts';
import { type PeerRow, PeerTable, idWords, nobody, wordsFromHex } from './peer-table.ts';
import type { RegistryOptions } from './registry-options.ts';
import type { KeptPeer, SwarmsSnapshot } from './registry-snapshot.ts';
import { Swarm, type SwarmParts } from './swarm.ts';
import { SwarmIndex } from './swarm-index.ts';

type Limits = Pick<RegistryOptions, 'maxSwarms' | 'maxPeersPerSwarm' | 'maxPeersPerAddress'>;

const words32 = 2 ** 32;

export class Swarms {
  readonly table: PeerTable = new PeerTable();
  readonly book: AddressBook;
  readonly #limits: Limits;
  readonly #isPublished: (infoHash: InfoHash) => boolean;
  readonly #parts: SwarmParts;
  /** Those with a peer in them, and those of published torrents that rest, for the sake of their counts. */
  readonly #index: SwarmIndex;
  /** Those with a peer in them. */
  #count = 0;

  /** `random` is for the keys of tables, so that nobody can choose ids that fall into one place. */
  constructor(random: Random, limits: Limits, isPublished: (infoHash: InfoHash) => boolean) {
    const hash = new HalfSipHash(randomBelow(random, words32), randomBelow(random, words32));
    this.book = new AddressBook(hash);
    this.#parts = { table: this.table, book: this.book, hash, lots: new Lots() };
    this.#index = new SwarmIndex(this.#parts);
    this.#limits = limits;
    this.#isPublished = isPublished;
  }

  /** Swarms with a peer in them. */
  get count(): number {
    return this.#count;
  }

  /** All that are known, those that rest too. */
  all(): Iterable<Swarm> {
    return this.#index.all();
  }

  find(infoHash: Uint32Array): Swarm | undefined {
    return this.#index.find(infoHash);
  }

  findByHex(infoHash: InfoHash): Swarm | undefined {
    const words = new Uint32Array(idWords);
    wordsFromHex(infoHash, words);
    return this.find(words);
  }

  /** One that nobody is in, and that is not kept. */
  emptySwarm(infoHash: Uint32Array): Swarm {
    return new Swarm(infoHash, nobody, this.#parts);
  }

  /** Why there is no room for the peer, in words; undefined: there is. `row` is what it has already. */
  problemWith(
    { infoHash, ip }: Announcement,
    swarm: Swarm | undefined,
    row: PeerRow,
  ): string | undefined {
    const { maxPeersPerAddress, maxPeersPerSwarm, maxSwarms } = this.#limits;
    const isSettled = row !== nobody && this.#isAt(row, ip);
    if (!isSettled && this.book.countOf(ip) >= maxPeersPerAddress)
      return 'this address has registered too many peers';
    if (row !== nobody) return undefined;
    if (swarm !== undefined && swarm.size > 0)
      return swarm.size < maxPeersPerSwarm ? undefined : 'this swarm is full';
    if (this.count < maxSwarms) return undefined;
    return this.#isPublished((swarm ?? this.emptySwarm(infoHash)).infoHash)
      ? undefined
      : 'this tracker is full';
  }

  /** Somebody who is not in comes in, as a leecher. There must be room. */
  enter(now: Instant, { infoHash, ip, key, peerId, port }: Announcement): PeerRow {
    const swarm = this.#index.find(infoHash) ?? this.#index.add(infoHash);
    const { table } = this;
    const row = table.add(now);
    table.ids.set(peerId, row * idWords);
    table.addresses[row] = this.book.enter(ip);
    table.ports[row] = port;
    table.keys[row] = key;
    table.swarms[row] = swarm.number;
    if (swarm.size === 0) this.#count += 1;
    swarm.add(row);
    return row;
  }

  /** Takes note that somebody is still there, and where. */
  hear(now: Instant, row: PeerRow, { ip, key, port }: Announcement): void {
    const { table } = this;
    table.hear(row, now);
    if (table.keys[row] === 0) table.keys[row] = key;
    if (table.ports[row] === port && this.#isAt(row, ip)) return;
    this.swarmOf(row).move(row, () => {
      table.ports[row] = port;
      this.book.leave(table.addresses[row] ?? 0);
      table.addresses[row] = this.book.enter(ip);
    });
  }

  /** Where somebody is in. */
  swarmOf(row: PeerRow): Swarm {
    return this.#index.at(this.table.swarms[row] ?? 0);
  }

  /** Whether somebody is at this address. */
  #isAt(row: PeerRow, ip: Uint32Array): boolean {
    return this.book.is(this.table.addresses[row] ?? 0, ip);
  }

  /** Somebody who is in is gone. */
  remove(row: PeerRow): void {
    const swarm = this.swarmOf(row);
    swarm.remove(row);
    this.book.leave(this.table.addresses[row] ?? 0);
    this.table.remove(row);
    if (swarm.size > 0) return;
    this.#count -= 1;
    if (swarm.downloaded === 0 || !this.#isPublished(swarm.infoHash)) this.#index.remove(swarm);
  }

  /** Everybody is gone, and every count is 0. */
  clear(): void {
    for (const row of [...this.table.byAge()]) this.remove(row);
    for (const swarm of [...this.all()]) this.#index.remove(swarm);
  }

  snapshot(now: Instant): SwarmsSnapshot {
    const completed = [...this.all()].filter(({ downloaded }) => downloaded > 0);
    return {
      downloaded: completed.map(({ infoHash, downloaded }) => ({ infoHash, count: downloaded })),
      peers: Array.from(this.table.byAge(), (row) => this.#kept(now, row)),
    };
  }

  /** Call once, on new swarms. */
  restore(now: Instant, { downloaded, peers }: SwarmsSnapshot): void {
    const announcement = new Announcement();
    for (const kept of peers) {
      const heardAt = after(now, -kept.silentFor as Duration);
      const { infoHash, ip, peerId, port } = kept;
      const left = kept.isSeeder ? 0 : 1;
      announcement.read({ infoHash, peerId, port, left }, ip);
      announcement.key = kept.key;
      const row = this.enter(heardAt, announcement);
      this.swarmOf(row).assign(row, kept);
      this.table.set(row, 'completed', kept.hasCompleted);
    }
    for (const { infoHash, count } of downloaded) {
      wordsFromHex(infoHash, announcement.infoHash);
      const swarm = this.find(announcement.infoHash) ?? this.#index.add(announcement.infoHash);
      swarm.downloaded = count;
    }
  }

  #kept(now: Instant, row: PeerRow): KeptPeer {
    const { table } = this;
    return {
      infoHash: this.swarmOf(row).infoHash,
      peerId: table.peerId(row),
      ip: ipAt(this.book.wordsOf(table.addresses[row] ?? 0), 0),
      port: table.ports[row] ?? 0,
      key: table.keys[row] ?? 0,
      isSeeder: table.has(row, 'seeder'),
      isPaused: table.has(row, 'paused'),
      hasCompleted: table.has(row, 'completed'),
      silentFor: since(now, table.heardAt(row)),
    };
  }
}
