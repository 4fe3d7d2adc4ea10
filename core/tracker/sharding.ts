/**
 * One tracker as several (BEP 3, 15, 48): each registry, a shard, has the swarms whose info hashes are its own, and all have
 * the whole catalogue. Here it says whose a question is, and what the answers of several come to.
 */
import { uint32At } from '../bytes/uint32.ts';
import { concatBytes } from '../bytes/utf8.ts';
import type { InfoHash } from '../torrent/ids.ts';
import { decodeAnnounceQuery } from './announce.ts';
import { readAnnounceQuery } from './announce-reader.ts';
import { Announcement } from './announcement.ts';
import type { CatalogueEntry } from './catalogue.ts';
import { TrackerError } from './error.ts';
import type { RegistryAnswers, RegistryInput } from './registry-input.ts';
import type { RegistryOptions } from './registry-options.ts';
import type { RegistrySnapshot, Stats, SwarmsSnapshot } from './registry-snapshot.ts';
import type { ScrapeAnswer, ScrapeEntry } from './scrape.ts';
import { action, answerHeadBytes, requestHeadBytes } from './udp/numbers.ts';
import { announceAt } from './udp/request.ts';

type Answer = RegistryAnswers[keyof RegistryAnswers];

const announcePath = '/announce?';
const hashBytes = 20;
/** Of a swarm in the answer to a scrape over UDP. */
const entryBytes = 12;

export class Sharding {
  readonly count: number;
  readonly #maxScrapeHashes: number;
  readonly #announcement = new Announcement();

  constructor(count: number, { maxScrapeHashes }: Pick<RegistryOptions, 'maxScrapeHashes'>) {
    this.count = count;
    this.#maxScrapeHashes = maxScrapeHashes;
  }

  shardOf(infoHash: InfoHash): number {
    return Number.parseInt(infoHash.slice(0, 8), 16) % this.count;
  }

  /** Whose an announce over HTTP is; undefined: it is something else. What names no swarm is refused by all alike. */
  shardOfTarget(target: string): number | undefined {
    if (!target.startsWith(announcePath)) return undefined;
    const query = target.slice(announcePath.length);
    if (readAnnounceQuery(query, this.#announcement))
      return (this.#announcement.infoHash[0] ?? 0) % this.count;
    try {
      return this.shardOf(decodeAnnounceQuery(query).infoHash);
    } catch (error) {
      if (error instanceof TrackerError) return 0;
      throw error;
    }
  }

  /** Whose an announce over UDP is; `all`: it is a scrape; undefined: anybody's. */
  shardOfDatagram(datagram: Uint8Array): number | 'all' | undefined {
    if (datagram.length < requestHeadBytes + hashBytes) return undefined;
    const asked = uint32At(datagram, 8);
    if (asked === action.scrape) return 'all';
    if (asked !== action.announce) return undefined;
    return uint32At(datagram, announceAt.infoHash) % this.count;
  }

  /** What each shard is to be asked; undefined: nothing. */
  asked(input: RegistryInput): readonly (RegistryInput | undefined)[] {
    const shards = Array.from({ length: this.count }, (_, shard) => shard);
    const onlyOf = (owner: number): (RegistryInput | undefined)[] =>
      shards.map((shard) => (shard === owner ? input : undefined));
    switch (input.type) {
      case 'announce':
        return onlyOf(this.shardOf(input.request.infoHash));
      case 'announce-compact':
        return onlyOf((input.announcement.infoHash[0] ?? 0) % this.count);
      case 'torrent-file':
        return onlyOf(0);
      case 'scrape':
        return this.#askedOfScrape(input, shards) ?? onlyOf(0);
      default:
        return shards.map(() => input);
    }
  }

  /** What the answers of those that were asked come to; the others' are undefined. */
  merged(input: RegistryInput, answers: readonly Answer[]): Answer {
    const given = answers.filter((answer) => answer !== undefined);
    switch (input.type) {
      case 'scrape':
        return mergedScrape(input.infoHashes, given as ScrapeAnswer[]);
      case 'list':
        return (given as CatalogueEntry[][]).flat().sort((a, b) => a.id - b.id);
      case 'stats':
        return mergedStats(given as Stats[]);
      case 'tick':
        return (given as number[]).reduce((sum, expired) => sum + expired, 0);
      default:
        return given[0];
    }
  }

  /**
   * What the answers of all shards to a scrape over UDP come to: each entry is its owner's. Undefined: nothing is said, as
   * to one whose address was not proved.
   */
  mergedDatagram(
    asked: Uint8Array,
    answers: readonly (Uint8Array | undefined)[],
  ): Uint8Array | undefined {
    const [first] = answers;
    if (first === undefined || uint32At(first, 0) !== action.scrape) return first;
    const entries: Uint8Array[] = [];
    for (let i = 0; answerHeadBytes + i * entryBytes < first.length; i += 1) {
      const owner = uint32At(asked, requestHeadBytes + i * hashBytes) % this.count;
      const begin = answerHeadBytes + i * entryBytes;
      entries.push(
        answers[owner]?.subarray(begin, begin + entryBytes) ?? new Uint8Array(entryBytes),
      );
    }
    return concatBytes(first.subarray(0, answerHeadBytes), ...entries);
  }

  /** What each shard is to know of what an undivided tracker knew. */
  split({ catalogue, swarms }: RegistrySnapshot): readonly RegistrySnapshot[] {
    return Array.from({ length: this.count }, (_, shard) => {
      const isIts = ({ infoHash }: { readonly infoHash: InfoHash }): boolean =>
        this.shardOf(infoHash) === shard;
      const { downloaded, peers } = swarms;
      return {
        catalogue,
        swarms: { downloaded: downloaded.filter(isIts), peers: peers.filter(isIts) },
      };
    });
  }

  /** Undefined: there are too few or too many of them, which all refuse alike. */
  #askedOfScrape(
    { infoHashes }: Extract<RegistryInput, { readonly type: 'scrape' }>,
    shards: readonly number[],
  ): (RegistryInput | undefined)[] | undefined {
    if (infoHashes.length === 0 || infoHashes.length > this.#maxScrapeHashes) return undefined;
    return shards.map((shard) => {
      const own = infoHashes.filter((infoHash) => this.shardOf(infoHash) === shard);
      return own.length === 0 ? undefined : { type: 'scrape', infoHashes: own };
    });
  }
}

/** What all shards know together, as one would. */
export function joined(snapshots: readonly RegistrySnapshot[]): RegistrySnapshot {
  const swarms: SwarmsSnapshot = {
    downloaded: snapshots.flatMap((each) => each.swarms.downloaded),
    peers: snapshots.flatMap((each) => each.swarms.peers).sort((a, b) => b.silentFor - a.silentFor),
  };
  return { catalogue: snapshots[0]?.catalogue ?? [], swarms };
}

function mergedScrape(
  infoHashes: readonly InfoHash[],
  answers: readonly ScrapeAnswer[],
): ScrapeAnswer {
  const found = new Map<InfoHash, ScrapeEntry>();
  for (const answer of answers) {
    if ('failure' in answer) return answer;
    for (const [infoHash, entry] of answer.files) found.set(infoHash, entry);
  }
  const files = new Map<InfoHash, ScrapeEntry>();
  for (const infoHash of infoHashes) {
    const entry = found.get(infoHash);
    if (entry !== undefined) files.set(infoHash, entry);
  }
  return { files };
}

/** All have the same catalogue. A scrape counts in every shard that it concerns. */
function mergedStats(all: readonly Stats[]): Stats {
  const sum = (name: keyof Stats): number => all.reduce((total, each) => total + each[name], 0);
  return {
    torrents: all[0]?.torrents ?? 0,
    swarms: sum('swarms'),
    peers: sum('peers'),
    seeders: sum('seeders'),
    leechers: sum('leechers'),
    announces: sum('announces'),
    refusals: sum('refusals'),
    scrapes: sum('scrapes'),
    expired: sum('expired'),
  };
}
