/**
 * The tracker's brain (BEP 3, 7, 21, 23, 48): who is in which swarm, and which torrents were published. No clock, no
 * socket, no chance of its own. A peer that says `stopped` leaves the lists at once; one that dies leaves them when it
 * was silent for `expireAfter`, which is the bound on how stale they are.
 */
import { type Duration, type Instant, after, millis, since } from '../time.ts';
import { never } from '../never.ts';
import type { Random } from '../random.ts';
import type { InfoHash, Sha1 } from '../torrent/ids.ts';
import type { AnnounceAnswer, AnnounceRequest } from './announce.ts';
import type { CatalogueEntry, CataloguePeer } from './catalogue.ts';
import type { IpFamily } from './compact.ts';
import type { ScrapeAnswer, ScrapeEntry } from './scrape.ts';
import type { Caller, Registration } from './registration.ts';
import type { RegistrySnapshot, Stats } from './registry-snapshot.ts';
import { canonicalIp, isDialable } from './ip.ts';
import { type Locality, chooseNear } from './locality.ts';
import { Publications, type PublishAnswer, type Published } from './publications.ts';
import { type RegistryOptions, defaultRegistryOptions } from './registry-options.ts';
import { type Choice, Swarm } from './swarm.ts';
import { type Member, Swarms } from './swarms.ts';

/** Everything a tracker is asked. `remoteIp` is where the question came from, in canonical form. */
export type RegistryInput =
  | {
      readonly type: 'announce';
      readonly request: AnnounceRequest;
      readonly remoteIp: string;
      /** Whom to name: only peers of this family of addresses; undefined: of both. */
      readonly family?: IpFamily;
    }
  | { readonly type: 'scrape'; readonly infoHashes: readonly InfoHash[] }
  | { readonly type: 'list' }
  /** `addedAt` is the date now, ISO 8601. */
  | { readonly type: 'publish'; readonly torrent: Uint8Array; readonly addedAt: string }
  | { readonly type: 'torrent-file'; readonly id: number }
  | { readonly type: 'stats' }
  /** Lose every peer, as a tracker does that was started anew; the catalogue stays. */
  | { readonly type: 'forget' }
  | { readonly type: 'tick' };

/** What `handle` returns for each input. */
export type RegistryAnswers = {
  readonly announce: AnnounceAnswer;
  readonly scrape: ScrapeAnswer;
  /** The published torrents that have a seeder, by id. */
  readonly list: readonly CatalogueEntry[];
  readonly publish: PublishAnswer;
  /** Undefined: no torrent has that id. */
  readonly 'torrent-file': Uint8Array | undefined;
  readonly stats: Stats;
  readonly forget: undefined;
  /** How many peers have left without a word so far. */
  readonly tick: number;
};

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

type InputOf<Type extends RegistryInput['type']> = Extract<RegistryInput, { readonly type: Type }>;

export class Registry {
  readonly options: RegistryOptions;
  /** A peer that was silent for so long is gone. */
  readonly expireAfter: Duration;
  readonly #random: Random;
  readonly #locality: Locality | undefined;
  readonly #publications: Publications;
  readonly #swarms: Swarms;
  readonly #counts = { announces: 0, refusals: 0, scrapes: 0, expired: 0 };

  /** Throws MetainfoError when a restored torrent is none. */
  constructor(now: Instant, { locality, options, random, restored, sha1 }: RegistryParts) {
    this.options = { ...defaultRegistryOptions, ...options };
    this.expireAfter = this.options.expireAfter ?? millis(this.options.interval * 1.5);
    this.#random = random;
    this.#locality = locality;
    this.#publications = new Publications(this.options, sha1, restored?.catalogue);
    this.#swarms = new Swarms(this.options, (infoHash) => this.#publications.has(infoHash));
    if (restored !== undefined) this.#swarms.restore(now, restored.swarms);
  }

  /** When `handle` next wants a `tick`, if nothing else happens first: when the next peer expires. */
  get deadline(): Instant | undefined {
    const { oldest } = this.#swarms;
    return oldest && after(oldest.heardAt, this.expireAfter);
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
      case 'announce':     return this.#announce(now, input);
      case 'scrape':       return this.#scrape(input);
      case 'list':         return [...this.#listed()];
      case 'publish':      return this.#publications.publish(input.torrent, input.addedAt);
      case 'torrent-file': return this.#publications.fileOf(input.id);
      case 'stats':        return this.#stats();
      case 'forget':       this.#swarms.clear(); return undefined;
      case 'tick':         return this.#counts.expired;
      default:             return never(input);
    }
  }

  /** Everything it knows at `now`, as plain data. */
  snapshot(now: Instant): RegistrySnapshot {
    this.#expire(now);
    return { catalogue: this.#publications.snapshot(), swarms: this.#swarms.snapshot(now) };
  }

  #expire(now: Instant): void {
    let { oldest } = this.#swarms;
    while (oldest !== undefined && since(now, oldest.heardAt) >= this.expireAfter) {
      this.#swarms.remove(oldest);
      this.#counts.expired += 1;
      ({ oldest } = this.#swarms);
    }
  }

  #announce(now: Instant, input: InputOf<'announce'>): AnnounceAnswer {
    this.#counts.announces += 1;
    const answer = this.#register(now, input);
    if ('failure' in answer) this.#counts.refusals += 1;
    return answer;
  }

  #register(now: Instant, { family, request, remoteIp }: InputOf<'announce'>): AnnounceAnswer {
    const { infoHash, key, peerId, port } = request;
    const ip = this.options.allowIpParam ? canonicalIp(request.ip ?? remoteIp) : remoteIp;
    const caller = { infoHash, peerId, ip: ip ?? '', port, key };
    const peer = this.#swarms.find(infoHash)?.find(peerId);
    const failure = this.#refusalOf(caller, peer);
    if (failure !== undefined) return { failure };
    if (request.event === 'stopped') return this.#stopped(peer, request, family);
    const problem = this.#swarms.problemWith(caller);
    if (problem !== undefined) return { failure: problem, retryIn: this.options.retryWhenFull };
    const wasLeecher = peer !== undefined && !peer.isSeeder;
    const member = this.#swarms.hear(now, caller);
    assess(member, request, wasLeecher);
    const isIgnored = request.ip !== undefined && canonicalIp(request.ip) !== ip;
    return {
      ...this.#describe(member.swarm, request, { asker: member.peer, family }),
      ...(isIgnored && { warning: `this tracker ignores ip=: it knows you as ${ip}` }),
    };
  }

  #refusalOf(caller: Caller, peer: Registration | undefined): string | undefined {
    if (this.options.publishedOnly && !this.#publications.has(caller.infoHash))
      return 'nobody has published this torrent here';
    if (!isDialable(caller)) return 'no peer can listen at this address';
    if (peer !== undefined && isSomebodyElse(peer, caller))
      return 'this peer id belongs to a peer elsewhere, with another key';
    return undefined;
  }

  /** Who names a numwant with its farewell is given peers: so one can look at a swarm without being in it. */
  #stopped(
    peer: Registration | undefined,
    request: AnnounceRequest,
    family: IpFamily | undefined,
  ): AnnounceAnswer {
    const swarm = this.#swarms.find(request.infoHash) ?? new Swarm(request.infoHash);
    if (peer !== undefined) this.#swarms.remove(peer);
    const asked = { ...request, numwant: request.numwant ?? 0 };
    return this.#describe(swarm, asked, { asker: undefined, family });
  }

  #describe(
    swarm: Swarm,
    { event, left, numwant }: AnnounceRequest,
    { asker, family }: Pick<Choice, 'asker' | 'family'>,
  ): AnnounceAnswer {
    const { defaultNumwant, interval, maxNumwant, minInterval, trackerId } = this.options;
    const chosen = this.#choose(swarm, {
      count: Math.min(numwant ?? defaultNumwant, maxNumwant),
      asker,
      family,
      withSeeders: left > 0 && event !== 'paused',
    });
    return {
      interval,
      minInterval,
      seeders: swarm.seeders,
      leechers: swarm.leechers,
      downloaded: swarm.downloaded,
      peers: chosen.map(asListed),
      ...(trackerId !== undefined && { trackerId }),
    };
  }

  #choose(swarm: Swarm, choice: Choice): Registration[] {
    const locality = this.#locality;
    const network = choice.asker && locality?.networkOf(choice.asker.ip);
    if (locality === undefined || network === undefined) return swarm.choose(this.#random, choice);
    const { count } = choice;
    return chooseNear(this.#random, swarm.candidates(choice), locality, { count, network });
  }

  #scrape({ infoHashes }: InputOf<'scrape'>): ScrapeAnswer {
    this.#counts.scrapes += 1;
    const { maxScrapeHashes } = this.options;
    if (infoHashes.length === 0) return { failure: 'a scrape of everything is not answered' };
    if (infoHashes.length > maxScrapeHashes)
      return { failure: `a scrape of more than ${maxScrapeHashes} torrents is not answered` };
    const files = new Map<InfoHash, ScrapeEntry>();
    for (const infoHash of infoHashes) {
      const swarm = this.#swarms.find(infoHash);
      if (swarm !== undefined) files.set(infoHash, countsOf(swarm));
      else if (this.#publications.has(infoHash)) files.set(infoHash, countsOf(new Swarm(infoHash)));
    }
    return { files };
  }

  *#listed(): Generator<CatalogueEntry, void> {
    for (const torrent of this.#publications.all()) {
      const swarm = this.#swarms.find(torrent.infoHash);
      if (swarm !== undefined && swarm.seeders > 0)
        yield entryOf(torrent, swarm, this.options.maxListedPeers);
    }
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

/** Ids are no secret; so who comes from elsewhere must know the key that the id came with (BEP 7). */
const isSomebodyElse = (peer: Registration, { ip, port, key }: Caller): boolean =>
  (peer.ip !== ip || peer.port !== port) && peer.key !== undefined && peer.key !== key;

/** A completion counts once, and only of somebody who was here while it was incomplete. */
function assess(
  { peer, swarm }: Member,
  { event, left }: AnnounceRequest,
  wasLeecher: boolean,
): void {
  const isSeeder = left === 0;
  swarm.assign(peer, { isSeeder, isPaused: !isSeeder && event === 'paused' });
  if (event !== 'completed' || !isSeeder || !wasLeecher || peer.hasCompleted) return;
  peer.hasCompleted = true;
  swarm.downloaded += 1;
}

const countsOf = ({ downloaded, downloaders, leechers, seeders }: Swarm): ScrapeEntry => ({
  seeders,
  leechers,
  downloaded,
  downloaders,
});

function entryOf(torrent: Published, swarm: Swarm, maxPeers: number): CatalogueEntry {
  const { addedAt, id, infoHash, length, name, pieceLength, pieces } = torrent;
  return {
    ...{ id, name, length, pieceLength, pieces, infoHash, addedAt },
    seeders: swarm.list(true, maxPeers).map(asListed),
    leechers: swarm.list(false, maxPeers).map(asListed),
  };
}

const asListed = ({ ip, peerId, port }: Registration): CataloguePeer => ({ peerId, ip, port });
