/** Everything about a tracker that can be set: each number has a unit and a reason (BEP 3, 48). */
import { type Duration, minutes, seconds } from '../time.ts';

export type RegistryOptions = {
  /** What peers are told to wait between announces; rounded up to whole seconds on the wire. */
  readonly interval: Duration;
  /** What peers are told to wait at least. */
  readonly minInterval: Duration;
  /** A peer that was silent for so long is gone: how stale the lists can be after a crash. Undefined: `interval` and half of it again. */
  readonly expireAfter: Duration | undefined;
  /** Refuse announces for torrents that nobody published. */
  readonly publishedOnly: boolean;
  /** Believe `ip=`: lets a host behind port forwarding name itself, and lets anybody name a victim (BEP 7). */
  readonly allowIpParam: boolean;
  /** Given to clients to be given back (BEP 3, `tracker id`); undefined: none. */
  readonly trackerId: string | undefined;
  /** Peers in an answer when the client names no number. 50 is what trackers have long given. */
  readonly defaultNumwant: number;
  /** Peers in an answer at most: 200 are 1,200 bytes, one packet. */
  readonly maxNumwant: number;
  /** Swarms at once, so that announces of made-up hashes cannot fill the memory. */
  readonly maxSwarms: number;
  readonly maxPeersPerSwarm: number;
  /** Registrations from one address, all swarms together, so that one host cannot fill the tables for all. */
  readonly maxPeersPerAddress: number;
  /** Swarms in one scrape: 74 is what fits an answer of the UDP protocol (BEP 15). */
  readonly maxScrapeHashes: number;
  /** Torrents published, ever: their ids are never reused and their files are kept. */
  readonly maxPublished: number;
  /** Bytes of all published .torrent files together. */
  readonly maxPublishedBytes: number;
  /** Seeders, and as many leechers, that the list names for one torrent. */
  readonly maxListedPeers: number;
  /** When to come back to a tracker that is full (BEP 31). */
  readonly retryWhenFull: Duration;
};

export const defaultRegistryOptions: RegistryOptions = {
  interval: seconds(30),
  minInterval: seconds(10),
  expireAfter: undefined,
  publishedOnly: false,
  allowIpParam: false,
  trackerId: undefined,
  defaultNumwant: 50,
  maxNumwant: 200,
  maxSwarms: 50_000,
  maxPeersPerSwarm: 50_000,
  maxPeersPerAddress: 5_000,
  maxScrapeHashes: 74,
  maxPublished: 10_000,
  maxPublishedBytes: 256 * 2 ** 20,
  maxListedPeers: 2_000,
  retryWhenFull: minutes(5),
};
