/** The run's tracker as a host in virtual time: the registry behind the very requests and answers of its HTTP (BEP 3, BEP 48). */
import { randomStream } from '../../core/random.ts';
import { PeerId, type InfoHash } from '../../core/torrent/ids.ts';
import { type HttpAnswer, type HttpRequest, answerHttp } from '../../core/tracker/http.ts';
import type { Locality } from '../../core/tracker/locality.ts';
import { Registry } from '../../core/tracker/registry.ts';
import type { RegistrySnapshot } from '../../core/tracker/registry-snapshot.ts';
import { TrackerTricks } from '../hostile/tracker-tricks.ts';
import { localityOf } from '../locality.ts';
import { minIntervalOf } from '../tracker-pace.ts';
import type { TorrentWord } from '../observation.ts';
import type { Plan } from '../plan.ts';
import { numberAt, trackerIp, trackerPort } from './addresses.ts';
import type { VirtualContent } from './content.ts';
import { millisOf } from './micros.ts';
import type { Scheduler } from './scheduler.ts';
import type { Tools } from '../tools.ts';
import type { Witness } from '../witness.ts';

export const announceUrl: string = `http://${trackerIp}:${trackerPort}/announce`;

/** More than any scenario has in one swarm, and what our tracker gives at most. */
const wantedPeers = 200;
/** `-SW0100-observer0001`: it asks and is never counted. */
const observerId = PeerId('2d5357303130302d6f6273657276657230303031');
/** Virtual time has no calendar. */
const date = '1970-01-01T00:00:00.000Z';

export type VirtualTrackerOptions = {
  readonly plan: Pick<Plan, 'seed' | 'tracker' | 'peers'>;
  readonly scheduler: Scheduler;
  readonly tools: Tools;
  readonly witness?: Witness | undefined;
};

export class VirtualTracker {
  readonly #options: VirtualTrackerOptions;
  readonly #locality: Locality | undefined;
  /** What peers have uploaded to it. */
  readonly #published = new Set<VirtualContent>();
  #registry: Registry | undefined;
  /** What it keeps while it is down, if it keeps anything: the catalogue, as a tracker with a state file does. */
  #kept: RegistrySnapshot | undefined;
  #starts = 0;
  readonly #tricks: TrackerTricks | undefined;

  constructor(options: VirtualTrackerOptions) {
    this.#options = options;
    const { seed, tracker } = options.plan;
    if (tracker.trick !== undefined) this.#tricks = new TrackerTricks(tracker.trick, seed);
    const names = new Map(options.plan.peers.map(({ name, number }) => [number, name]));
    this.#locality = localityOf(options.plan, (ip) => names.get(numberAt(ip)));
    this.#start();
  }

  /** The answer to a request that has reached it; undefined: nobody listens there. */
  answer(request: Pick<HttpRequest, 'target' | 'remoteIp'>): HttpAnswer | undefined {
    if (this.#registry === undefined) return undefined;
    const whole = { ...request, method: 'GET', body: new Uint8Array(), date };
    const answer = answerHttp(this.#registry, this.#now, whole);
    this.#options.witness?.asked(this.#now, request, answer);
    return this.#tricks?.pass(request.target, answer) ?? answer;
  }

  /** Peers that ask are refused from now on. Harmless when it is down. */
  stop(): void {
    if (this.#options.plan.tracker.keepsState)
      this.#kept = this.#registry?.snapshot(this.#now) ?? this.#kept;
    this.#registry = undefined;
    this.#options.witness?.forgot(this.#now);
  }

  /** Starts it again, with what it kept. What it lost is uploaded anew, the latest first: only what was kept has its id. */
  restart(): void {
    this.stop();
    this.#start();
    for (const content of [...this.#published].reverse()) this.#publish(content);
  }

  /** Loses every peer and goes on answering. Throws when it is down. */
  forget(): void {
    if (this.#registry === undefined) throw new Error('the tracker is down');
    this.#registry.handle(this.#now, { type: 'forget' });
    this.#options.witness?.forgot(this.#now);
  }

  /** Uploads the .torrent, unless somebody did. While the tracker is down it waits for the restart. */
  publish(content: VirtualContent): void {
    if (this.#published.has(content)) return;
    this.#published.add(content);
    this.#publish(content);
  }

  /** What it says of every content to somebody who asks on the spot; undefined when it is down. */
  ask(contents: readonly VirtualContent[]): readonly TorrentWord[] | undefined {
    const registry = this.#registry;
    if (registry === undefined) return undefined;
    const infoHashes = contents.map(({ facts }) => facts.infoHash);
    const catalogue = new Map(
      registry.handle(this.#now, { type: 'list' }).map((entry) => [entry.infoHash, entry]),
    );
    const scraped = registry.handle(this.#now, { type: 'scrape', infoHashes });
    return infoHashes.map((infoHash): TorrentWord => {
      const listed = catalogue.get(infoHash);
      const counts = 'files' in scraped ? scraped.files.get(infoHash) : undefined;
      return {
        infoHash,
        ...(listed !== undefined && {
          catalogue: {
            id: listed.id,
            seeders: listed.seeders.map(({ peerId }) => peerId),
            leechers: listed.leechers.map(({ peerId }) => peerId),
          },
        }),
        ...(counts !== undefined && {
          scrape: { seeders: counts.seeders, leechers: counts.leechers },
        }),
        ...this.#look(registry, infoHash),
      };
    });
  }

  /** A farewell from somebody who was never there leaves no trace, and is answered like any announce. */
  #look(registry: Registry, infoHash: InfoHash): Pick<TorrentWord, 'announce'> {
    const answer = registry.handle(this.#now, {
      type: 'announce',
      remoteIp: trackerIp,
      request: {
        ...{ infoHash, peerId: observerId, port: 1, event: 'stopped', numwant: wantedPeers },
        ...{ uploaded: 0, downloaded: 0, left: 1, compact: true, noPeerId: true },
      },
    });
    if ('failure' in answer || answer.seeders === undefined || answer.leechers === undefined)
      return {};
    const peers = answer.peers.map(({ ip, port }) => ({ ip, port }));
    return { announce: { seeders: answer.seeders, leechers: answer.leechers, peers } };
  }

  get #now(): ReturnType<typeof millisOf> {
    return millisOf(this.#options.scheduler.now);
  }

  #start(): void {
    const { plan, tools } = this.#options;
    const { interval, expireAfter } = plan.tracker;
    this.#starts += 1;
    const kept = this.#kept;
    this.#registry = new Registry(this.#now, {
      random: randomStream(plan.seed, `tracker/${this.#starts}`),
      sha1: tools.sha1,
      locality: this.#locality,
      options: { interval, minInterval: minIntervalOf(interval), expireAfter },
      ...(kept !== undefined && {
        restored: { catalogue: kept.catalogue, swarms: { downloaded: [], peers: [] } },
      }),
    });
  }

  #publish({ torrent }: VirtualContent): void {
    this.#registry?.handle(this.#now, { type: 'publish', torrent, addedAt: date });
  }
}
