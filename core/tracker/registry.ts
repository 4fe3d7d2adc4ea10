/**
 * The tracker's brain (BEP 3, 7, 21, 23, 48): who is in which swarm, and which torrents were published. No clock, no
 * socket, no chance of its own. A peer that says `stopped` leaves the lists at once; one that dies leaves them when it
 * was silent for `expireAfter`, which is the bound on how stale they are.
 */
import { type Duration, type Instant, after, millis, since } from '../time.ts';
import { never } from '../never.ts';
import type { Random } from '../random.ts';
import type { InfoHash, Sha1 } from '../torrent/ids.ts';
import type { AnnounceAnswer, AnnounceFailure } from './announce.ts';
import type { CatalogueEntry, CataloguePeer } from './catalogue.ts';
import type { IpFamily } from './compact.ts';
import type { ScrapeAnswer, ScrapeEntry } from './scrape.ts';
import type { RegistrySnapshot, Stats } from './registry-snapshot.ts';
import { Announcement } from './announcement.ts';
import { canonicalIp } from './ip.ts';
import type { Locality } from './locality.ts';
import { Naming } from './naming.ts';
import { type PeerRow, type PeerTable, nobody } from './peer-table.ts';
import { Publications, type Published } from './publications.ts';
import type {
  CompactAnswer,
  Counts,
  InputOf,
  RegistryAnswers,
  RegistryInput,
} from './registry-input.ts';
import { type RegistryOptions, defaultRegistryOptions } from './registry-options.ts';
import type { Swarm } from './swarm.ts';
import { Swarms } from './swarms.ts';

export type RegistryParts = {
  /** For the choice of peers. */
  readonly random: Random;
  readonly sha1: Sha1;
  readonly options?: Partial<RegistryOptions>;
  /** Whom to name to whom; undefined: chance alone decides. Each announce then takes time in proportion to its swarm. */
  readonly locality?: Locality | undefined;
  /** What an earlier registry knew. */
  readonly restored?: RegistrySnapshot;
};

export class Registry {
  readonly options: RegistryOptions;
  /** A peer that was silent for so long is gone. */
  readonly expireAfter: Duration;
  readonly #publications: Publications;
  readonly #swarms: Swarms;
  readonly #naming: Naming;
  readonly #announcement = new Announcement();
  readonly #counts = { announces: 0, refusals: 0, scrapes: 0, expired: 0 };

  /** Throws MetainfoError when a restored torrent is none. */
  constructor(now: Instant, { locality, options, random, restored, sha1 }: RegistryParts) {
    this.options = { ...defaultRegistryOptions, ...options };
    this.expireAfter = this.options.expireAfter ?? millis(this.options.interval * 1.5);
    this.#publications = new Publications(this.options, sha1, restored?.catalogue);
    const isPublished = (infoHash: InfoHash): boolean => this.#publications.has(infoHash);
    this.#swarms = new Swarms(random, this.options, isPublished);
    this.#naming = new Naming(this.#swarms, random, { locality, most: this.options.maxNumwant });
    if (restored !== undefined) this.#swarms.restore(now, restored.swarms);
  }

  /** When `handle` next wants a `tick`, if nothing else happens first: when the next peer expires. */
  get deadline(): Instant | undefined {
    const { table } = this.#swarms;
    return table.oldest === nobody
      ? undefined
      : after(table.heardAt(table.oldest), this.expireAfter);
  }

  /** Takes one question and returns its answer: each has exactly one. Never throws on what a client sent. */
  handle<Type extends RegistryInput['type']>(
    now: Instant,
    input: InputOf<Type> & { readonly type: Type },
  ): RegistryAnswers[Type];
  handle(now: Instant, input: RegistryInput): RegistryAnswers[keyof RegistryAnswers] {
    this.#expire(now);
    // prettier-ignore
    switch (input.type) {
      case 'announce':         return this.#announce(now, input);
      case 'announce-compact': return this.#announceCompact(now, input);
      case 'scrape':           return this.#scrape(input);
      case 'list':             return [...this.#listed()];
      case 'publish':          return this.#publications.publish(input.torrent, input.addedAt);
      case 'torrent-file':     return this.#publications.fileOf(input.id);
      case 'stats':            return this.#stats();
      case 'forget':           this.#swarms.clear(); return undefined;
      case 'tick':             return this.#counts.expired;
      default:                 return never(input);
    }
  }

  /** Everything it knows at `now`, as plain data. */
  snapshot(now: Instant): RegistrySnapshot {
    this.#expire(now);
    return { catalogue: this.#publications.snapshot(), swarms: this.#swarms.snapshot(now) };
  }

  #expire(now: Instant): void {
    const { table } = this.#swarms;
    for (
      let { oldest } = table;
      oldest !== nobody && since(now, table.heardAt(oldest)) >= this.expireAfter;
      { oldest } = table
    ) {
      this.#swarms.remove(oldest);
      this.#counts.expired += 1;
    }
  }

  #announce(now: Instant, { family, request, remoteIp }: InputOf<'announce'>): AnnounceAnswer {
    const named = this.options.allowIpParam ? request.ip : undefined;
    const announcement = this.#announcement;
    announcement.read(request, named ?? remoteIp);
    const answer = this.#register(now, announcement, family);
    if ('failure' in answer) return answer;
    const isIgnored =
      request.ip !== undefined && canonicalIp(request.ip) !== canonicalIp(named ?? remoteIp);
    return {
      ...answer,
      peers: this.#naming.asObjects(),
      ...(isIgnored && { warning: `this tracker ignores ip=: it knows you as ${remoteIp}` }),
    };
  }

  #announceCompact(
    now: Instant,
    { announcement, family, head, tail }: InputOf<'announce-compact'>,
  ): CompactAnswer {
    const answer = this.#register(now, announcement, family);
    if ('failure' in answer) return answer;
    return Object.assign(answer, this.#naming.asBytes(head, tail));
  }

  /** Leaves those that are to be named with the naming. */
  #register(
    now: Instant,
    announcement: Announcement,
    family: IpFamily | undefined,
  ): Counts | AnnounceFailure {
    this.#counts.announces += 1;
    const { infoHash, peerId } = announcement;
    const swarm = this.#swarms.find(infoHash);
    const row = swarm === undefined ? nobody : swarm.find(peerId);
    const failure = this.#refusalOf(announcement, swarm, row);
    if (failure !== undefined) {
      this.#counts.refusals += 1;
      return failure;
    }
    if (announcement.event === 'stopped')
      return this.#stopped(announcement, swarm, { row, family });
    const asker = this.#hear(now, announcement, row);
    return this.#describe(this.#swarms.swarmOf(asker), announcement, { row: asker, family });
  }

  #refusalOf(
    announcement: Announcement,
    swarm: Swarm | undefined,
    row: PeerRow,
  ): AnnounceFailure | undefined {
    if (this.options.publishedOnly && !this.#isPublished(announcement.infoHash))
      return { failure: 'nobody has published this torrent here' };
    if (!announcement.isDialable) return { failure: 'no peer can listen at this address' };
    if (row !== nobody && this.#isSomebodyElse(row, announcement))
      return { failure: 'this peer id belongs to a peer elsewhere, with another key' };
    if (announcement.event === 'stopped') return undefined;
    const problem = this.#swarms.problemWith(announcement, swarm, row);
    return problem === undefined
      ? undefined
      : { failure: problem, retryIn: this.options.retryWhenFull };
  }

  #isPublished(infoHash: Uint32Array): boolean {
    return this.#publications.has(this.#swarms.emptySwarm(infoHash).infoHash);
  }

  /** Ids are no secret; so who comes from elsewhere must know the key that the id came with (BEP 7). */
  #isSomebodyElse(row: PeerRow, { ip, key, port }: Announcement): boolean {
    const { book, table } = this.#swarms;
    const { [row]: ownKey = 0 } = table.keys;
    if (ownKey === 0 || ownKey === key) return false;
    return table.ports[row] !== port || !book.is(table.addresses[row] ?? 0, ip);
  }

  /** Says which row is the peer's. */
  #hear(now: Instant, announcement: Announcement, known: PeerRow): PeerRow {
    const { table } = this.#swarms;
    const wasLeecher = known !== nobody && !table.has(known, 'seeder');
    if (known !== nobody) this.#swarms.hear(now, known, announcement);
    const row = known === nobody ? this.#swarms.enter(now, announcement) : known;
    assess(table, { row, swarm: this.#swarms.swarmOf(row) }, announcement, wasLeecher);
    return row;
  }

  /** Who names a numwant with its farewell is given peers: so one can look at a swarm without being in it. */
  #stopped(announcement: Announcement, known: Swarm | undefined, { row, family }: Asker): Counts {
    const swarm = known ?? this.#swarms.emptySwarm(announcement.infoHash);
    announcement.numwant ??= 0;
    if (row !== nobody) this.#swarms.remove(row);
    return this.#describe(swarm, announcement, { row: nobody, family });
  }

  #describe(
    swarm: Swarm,
    { event, isSeeder, numwant }: Announcement,
    { row: asker, family }: Asker,
  ): Counts {
    const { defaultNumwant, interval, maxNumwant, minInterval, trackerId } = this.options;
    this.#naming.choose(swarm, {
      count: Math.min(numwant ?? defaultNumwant, maxNumwant),
      asker,
      withSeeders: !isSeeder && event !== 'paused',
      family,
    });
    const { downloaded, leechers, seeders } = swarm;
    const counts = { interval, minInterval, seeders, leechers, downloaded };
    return trackerId === undefined ? counts : { ...counts, trackerId };
  }

  #scrape({ infoHashes }: InputOf<'scrape'>): ScrapeAnswer {
    this.#counts.scrapes += 1;
    const { maxScrapeHashes } = this.options;
    if (infoHashes.length === 0) return { failure: 'a scrape of everything is not answered' };
    if (infoHashes.length > maxScrapeHashes)
      return { failure: `a scrape of more than ${maxScrapeHashes} torrents is not answered` };
    const files = new Map<InfoHash, ScrapeEntry>();
    for (const infoHash of infoHashes) {
      const swarm = this.#swarms.findByHex(infoHash);
      if (swarm !== undefined) files.set(infoHash, countsOf(swarm));
      else if (this.#publications.has(infoHash)) files.set(infoHash, noCounts);
    }
    return { files };
  }

  *#listed(): Generator<CatalogueEntry, void> {
    for (const torrent of this.#publications.all()) {
      const swarm = this.#swarms.findByHex(torrent.infoHash);
      if (swarm !== undefined && swarm.seeders > 0) yield this.#entryOf(torrent, swarm);
    }
  }

  #entryOf(torrent: Published, swarm: Swarm): CatalogueEntry {
    const { addedAt, id, infoHash, length, name, pieceLength, pieces } = torrent;
    const { maxListedPeers } = this.options;
    const listed = (row: PeerRow): CataloguePeer => this.#naming.listed(row);
    return {
      ...{ id, name, length, pieceLength, pieces, infoHash, addedAt },
      seeders: swarm.list(true, maxListedPeers).map(listed),
      leechers: swarm.list(false, maxListedPeers).map(listed),
    };
  }

  #stats(): Stats {
    let seeders = 0;
    let leechers = 0;
    for (const swarm of this.#swarms.all()) {
      seeders += swarm.seeders;
      leechers += swarm.leechers;
    }
    const { count: torrents } = this.#publications;
    const { count: swarms } = this.#swarms;
    return { torrents, swarms, peers: seeders + leechers, seeders, leechers, ...this.#counts };
  }
}

/** Who asks, and which peers may be named. */
type Asker = { readonly row: PeerRow; readonly family: IpFamily | undefined };

/** A completion counts once, and only of somebody who was here while it was incomplete. */
function assess(
  table: PeerTable,
  { row, swarm }: { readonly row: PeerRow; readonly swarm: Swarm },
  { event, isSeeder }: Announcement,
  wasLeecher: boolean,
): void {
  swarm.assign(row, { isSeeder, isPaused: !isSeeder && event === 'paused' });
  if (event !== 'completed' || !isSeeder || !wasLeecher || table.has(row, 'completed')) return;
  table.set(row, 'completed', true);
  swarm.downloaded += 1;
}

const noCounts: ScrapeEntry = { seeders: 0, leechers: 0, downloaded: 0, downloaders: 0 };

const countsOf = ({ downloaded, downloaders, leechers, seeders }: Swarm): ScrapeEntry => ({
  seeders,
  leechers,
  downloaded,
  downloaders,
});
