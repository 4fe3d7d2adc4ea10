/**
 * A worker of a tracker: a door, HTTP and UDP, at the address that all workers share, and a registry for the swarms that are
 * its own. What comes in for another's swarm is passed on to that one.
 */
import { performance } from 'node:perf_hooks';
import { randomStream } from '../random.ts';
import type { Instant } from '../time.ts';
import type { Endpoint } from '../torrent/ids.ts';
import { type HttpAnswer, type TrackerNews, answerHttp } from '../tracker/http.ts';
import { QuickAnnounces } from '../tracker/quick-announces.ts';
import { Registry } from '../tracker/registry.ts';
import { Sharding } from '../tracker/sharding.ts';
import { UdpTracker } from '../tracker/udp/tracker.ts';
import { sha1 } from './hash.ts';
import { listenHttp } from './http-listener.ts';
import { Expiry } from './tracker-expiry.ts';
import { type Post, headquarters } from './tracker-post.ts';
import type {
  BareRequest,
  Beginning,
  HeadQuestion,
  ShardQuestion,
} from './tracker-worker-letters.ts';
import { type UdpSocket, openUdp } from './udp-socket.ts';

/** The system's steady clock: all processes read the same, so that one believes the connection ids of another. */
const clockAhead = Number(process.hrtime.bigint()) / 1e6 - performance.now();
const now = (): Instant => (clockAhead + performance.now()) as Instant;

export class Shard {
  readonly #beginning: Beginning;
  readonly #post: Post<ShardQuestion>;
  readonly #sharding: Sharding;
  readonly #registry: Registry;
  readonly #quick: QuickAnnounces;
  readonly #udpTracker: UdpTracker;
  readonly #expiry: Expiry;
  #udp: UdpSocket | undefined;

  constructor(beginning: Beginning, post: Post<ShardQuestion>) {
    const { known, registry: options, secret, seed, shard, shards, tellsAnnounces } = beginning;
    this.#beginning = beginning;
    this.#post = post;
    const random = randomStream(seed, `tracker/${shard}`);
    const registry = new Registry(now(), { random, sha1, options, restored: known });
    this.#registry = registry;
    this.#sharding = new Sharding(shards, registry.options);
    this.#quick = new QuickAnnounces({ registry, tellsAnnounces });
    this.#udpTracker = new UdpTracker({ registry, secret, tellsAnnounces });
    const onExpired = (peers: number): void => this.#tell({ type: 'expired', peers });
    this.#expiry = new Expiry({ registry, clock: now, onExpired });
  }

  /** Rejects with the system's error when it cannot listen. */
  async listen(): Promise<void> {
    const { ip, limits, port, trustProxy, udp } = this.#beginning;
    const onFault = (error: unknown): void => this.#tell({ type: 'fault', message: String(error) });
    const answer = (request: BareRequest): HttpAnswer | Promise<HttpAnswer> =>
      this.#received(request);
    const listener = await listenHttp({ ip, port, limits, trustProxy, answer, onFault });
    this.#expiry.watch();
    if (!udp) return;
    const onDatagram = (bytes: Uint8Array, from: Endpoint): void => this.#heard(bytes, from);
    try {
      this.#udp = await openUdp({ ip, port, isShared: true, onDatagram, onFault });
    } catch (error) {
      await listener.close();
      throw error;
    }
  }

  /** What others ask of it. */
  answer(question: Exclude<ShardQuestion, { readonly type: 'begin' }>): unknown {
    switch (question.type) {
      case 'announce':
        return this.#announced(question.request);
      case 'datagram':
        return this.#reply(question.bytes, question.from);
      case 'scrape-datagram':
        return this.#udpTracker.answer(now(), question.bytes, question.ip)?.bytes;
      case 'registry':
        return this.#registry.handle(now(), question.input);
      default:
        return this.#registry.snapshot(now());
    }
  }

  #received(request: BareRequest): HttpAnswer | Promise<HttpAnswer> {
    const owner = this.#sharding.shardOfTarget(request.target);
    if (owner === this.#beginning.shard) return this.#announced(request);
    if (owner === undefined) return this.#post.ask(headquarters, { type: 'request', request });
    return this.#post.ask(owner, { type: 'announce', request });
  }

  #announced(request: BareRequest): HttpAnswer {
    const said =
      this.#quick.answer(now(), request) ??
      answerHttp(this.#registry, now(), { ...request, date: '' });
    this.#expiry.watch();
    const { news, ...answer } = said;
    if (news !== undefined) this.#tellNews(news, request.remoteIp);
    return answer;
  }

  #heard(bytes: Uint8Array, from: Endpoint): void {
    const owner = this.#sharding.shardOfDatagram(bytes);
    if (owner === 'all') void this.#scraped(bytes, from);
    else if (owner === undefined || owner === this.#beginning.shard) this.#reply(bytes, from);
    else this.#post.tell(owner, { type: 'datagram', bytes, from });
  }

  #reply(bytes: Uint8Array, from: Endpoint): void {
    const reply = this.#udpTracker.answer(now(), bytes, from.ip);
    if (reply === undefined) return;
    this.#udp?.send(reply.bytes, from);
    this.#expiry.watch();
    if (reply.news !== undefined) this.#tellNews(reply.news, from.ip);
  }

  /** A worker that is gone has no answer, and then there is none: the client asks again. */
  async #scraped(bytes: Uint8Array, from: Endpoint): Promise<void> {
    const { shard: own, shards } = this.#beginning;
    const question = { type: 'scrape-datagram', bytes, ip: from.ip } as const;
    const answers = await Promise.all(
      Array.from({ length: shards }, async (_, shard) =>
        shard === own
          ? (this.answer(question) as Uint8Array | undefined)
          : this.#post.ask<Uint8Array | undefined>(shard, question),
      ),
    ).catch(() => []);
    const answer = this.#sharding.mergedDatagram(bytes, answers);
    if (answer !== undefined) this.#udp?.send(answer, from);
  }

  /** Of announces only where anybody wants to hear of them. */
  #tellNews(news: TrackerNews, remoteIp: string): void {
    if (news.type === 'announced' && !this.#beginning.tellsAnnounces) return;
    this.#tell({ type: 'news', news, remoteIp });
  }

  #tell(question: HeadQuestion): void {
    this.#post.tell(headquarters, question);
  }
}
