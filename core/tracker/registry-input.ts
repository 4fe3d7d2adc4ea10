/** What a tracker's registry is asked, and what it answers (BEP 3, 23, 48). */
import type { InfoHash } from '../torrent/ids.ts';
import type {
  AnnounceAnswer,
  AnnounceFailure,
  AnnounceRequest,
  AnnounceSuccess,
} from './announce.ts';
import type { Announcement } from './announcement.ts';
import type { CatalogueEntry } from './catalogue.ts';
import type { IpFamily } from './compact.ts';
import type { CompactPeers } from './naming.ts';
import type { PublishAnswer } from './publications.ts';
import type { Stats } from './registry-snapshot.ts';
import type { ScrapeAnswer } from './scrape.ts';

/** Everything a tracker is asked. `remoteIp` is where the question came from, in canonical form. */
export type RegistryInput =
  | {
      readonly type: 'announce';
      readonly request: AnnounceRequest;
      readonly remoteIp: string;
      /** Whom to name: only peers of this family of addresses; undefined: of both. */
      readonly family?: IpFamily;
    }
  /** The same without an object for anything; `announcement` is read and may be used again. */
  | {
      readonly type: 'announce-compact';
      readonly announcement: Announcement;
      readonly family: IpFamily | undefined;
      /** Bytes to leave free in front of `peers`, and behind. */
      readonly head: number;
      readonly tail?: number;
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

/** `peers` has as many free bytes in front and behind as were asked for. */
export type CompactAnswer = AnnounceFailure | (Counts & CompactPeers);

/** What is said of a swarm, whatever form its peers have. */
export type Counts = Required<
  Pick<AnnounceSuccess, 'interval' | 'minInterval' | 'seeders' | 'leechers' | 'downloaded'>
> &
  Pick<AnnounceSuccess, 'trackerId'>;

/** What `handle` returns for each input. */
export type RegistryAnswers = {
  readonly announce: AnnounceAnswer;
  readonly 'announce-compact': CompactAnswer;
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

export type InputOf<Type extends RegistryInput['type']> = Extract<
  RegistryInput,
  { readonly type: Type }
>;
