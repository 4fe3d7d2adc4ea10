/** What a tracker's workers and the one who started them ask each other. */
import type { Endpoint } from '../torrent/ids.ts';
import type { HttpRequest, TrackerNews } from '../tracker/http.ts';
import type { RegistryInput } from '../tracker/registry-input.ts';
import type { RegistryOptions } from '../tracker/registry-options.ts';
import type { RegistrySnapshot } from '../tracker/registry-snapshot.ts';
import type { HttpLimits } from './http-listener.ts';

/** Everything a worker must know to begin. */
export type Beginning = {
  readonly shard: number;
  readonly shards: number;
  readonly ip: string;
  readonly port: number;
  readonly udp: boolean;
  readonly trustProxy: boolean;
  readonly limits: HttpLimits;
  readonly registry: Partial<RegistryOptions>;
  readonly seed: number;
  /** Of connection ids: what one worker gives, each must believe. */
  readonly secret: Uint8Array;
  readonly known: RegistrySnapshot;
  /** Whether anybody wants the news of announces. */
  readonly tellsAnnounces: boolean;
};

export type BareRequest = Omit<HttpRequest, 'date'>;

/** To a worker. */
export type ShardQuestion =
  /** Once, first; answered when it listens. */
  | { readonly type: 'begin'; readonly beginning: Beginning }
  /** An announce for one of its swarms; the answer is an HttpAnswer. */
  | { readonly type: 'announce'; readonly request: BareRequest }
  /** An announce over UDP for one of its swarms, which it answers itself, from the socket that all share. */
  | { readonly type: 'datagram'; readonly bytes: Uint8Array; readonly from: Endpoint }
  /** A scrape over UDP; the answer is what it alone would say. */
  | { readonly type: 'scrape-datagram'; readonly bytes: Uint8Array; readonly ip: string }
  | { readonly type: 'registry'; readonly input: RegistryInput }
  | { readonly type: 'snapshot' };

/** To the one who started them. */
export type HeadQuestion =
  /** Anything that is no announce; the answer is an HttpAnswer. */
  | { readonly type: 'request'; readonly request: BareRequest }
  | { readonly type: 'news'; readonly news: TrackerNews; readonly remoteIp: string }
  | { readonly type: 'expired'; readonly peers: number }
  | { readonly type: 'fault'; readonly message: string };
