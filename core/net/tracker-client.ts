/** Asks trackers over HTTP (BEP 3, 48) and the catalogue of ours. */
import type { Duration } from '../time.ts';
import type { InfoHash } from '../torrent/ids.ts';
import type { AnnounceAnswer, AnnounceRequest } from '../tracker/announce.ts';
import type { CatalogueEntry, Publication } from '../tracker/catalogue.ts';
import type { ScrapeAnswer } from '../tracker/scrape.ts';

export type TrackerRequestOptions = {
  readonly signal?: AbortSignal;
  /** The address to speak from. */
  readonly localAddress?: string;
  /** For the whole exchange, redirects included. Default 15 s. */
  readonly timeLimit?: Duration;
};

/** Rejects with TrackerRequestError. A tracker that answers with a failure reason is an answer. */
export declare function announce(
  url: string,
  request: AnnounceRequest,
  options?: TrackerRequestOptions,
): Promise<AnnounceAnswer>;

/** Asks the tracker of an announce URL about some swarms. Rejects with TrackerRequestError. */
export declare function scrape(
  announceUrl: string,
  infoHashes: readonly InfoHash[],
  options?: TrackerRequestOptions,
): Promise<ScrapeAnswer>;

/** The list of a tracker of ours; `base` is like `http://127.0.0.1:8888`. Rejects with TrackerRequestError. */
export declare function fetchCatalogue(
  base: string,
  options?: TrackerRequestOptions,
): Promise<readonly CatalogueEntry[]>;

/** The .torrent with that id. Rejects with TrackerRequestError, code `not-found` when there is none. */
export declare function fetchTorrentFile(
  base: string,
  id: number,
  options?: TrackerRequestOptions,
): Promise<Uint8Array>;

/** Publishes a .torrent; one that is there already keeps its id (`isNew` is false). Rejects with TrackerRequestError. */
export declare function publish(
  base: string,
  torrent: Uint8Array,
  options?: TrackerRequestOptions,
): Promise<Publication & { readonly isNew: boolean }>;
