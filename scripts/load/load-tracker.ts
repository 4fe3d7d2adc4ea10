/** Loads a tracker and checks every answer: a known population comes in, then announces again and again. */
import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { performance } from 'node:perf_hooks';
import { randomBelow, randomStream } from '../../core/random.ts';
import type { Duration } from '../../core/time.ts';
import type { Errands, Outcome, Road } from './errand.ts';
import { HttpRoad } from './http-road.ts';
import { Latencies } from './latencies.ts';
import { Population, portsPerAddress } from './population.ts';
import { UdpRoad } from './udp-road.ts';
import { type Tally, Verdicts } from './verdicts.ts';

export type LoadOrder = {
  /** `http://HOST:PORT/announce` or `udp://HOST:PORT`. */
  readonly url: string;
  readonly torrents: number;
  /** In each torrent. */
  readonly peers: number;
  readonly inFlight: number;
  readonly numwant: number;
  /** How long to announce once all are in. */
  readonly time: Duration;
  readonly seed: number;
  /** Over HTTP: keep connections. */
  readonly keepAlive: boolean;
  readonly signal: AbortSignal;
};

export type LoadReport = {
  readonly url: string;
  readonly registered: number;
  readonly registrationSeconds: number;
  readonly answers: number;
  readonly seconds: number;
  readonly announcesPerSec: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Announces that nobody answered, registrations included. */
  readonly lost: number;
  readonly wrong: readonly Tally[];
};

/** Which phase it is, and how far along it is: 0 to 1. */
export type OnProgress = (phase: 'register' | 'load', share: number, note: string) => void;

/** Below what our trackers grant one address. */
const peersPerAddress = 4_000;
/** A tracker that answers none of so many times what is in flight, one after the other, is not there. */
const patience = 5;
/** A socket for each. */
const maxAddresses = 1_000;
/** Addresses of this host alone, 127.88.0.1 and on: where the tracker is here too, each peer has one of its own choice. */
const firstAddress = 0x7f58_0001;

/** Rejects when the tracker cannot be reached at all. */
export async function loadTracker(order: LoadOrder, onProgress: OnProgress): Promise<LoadReport> {
  const { protocol, hostname, port } = new URL(order.url);
  const { address: ip } = await lookup(hostname, { family: 4 });
  const tracker = { ip, port: Number(port === '' ? 80 : port) };
  const population = populationFor(order, ip);
  const { inFlight, keepAlive, numwant } = order;
  const common = { tracker, population, inFlight, numwant };
  await using road: Road =
    protocol === 'udp:'
      ? new UdpRoad(common)
      : new HttpRoad({ ...common, keepAlive, path: pathOf(order.url) });
  return await new Load(order, population, onProgress).play(road);
}

/** Says why there is no way to load this, in words; undefined: there is. */
export function loadProblem(
  order: Pick<LoadOrder, 'url' | 'torrents' | 'peers'>,
): string | undefined {
  if (!URL.canParse(order.url)) return 'not a URL';
  const { protocol, hostname } = new URL(order.url);
  if (protocol !== 'http:' && protocol !== 'udp:') return 'only http and udp are spoken here';
  if (hostname.includes(':')) return 'only IPv4 is spoken here';
  const most = isLoopback(hostname) ? maxAddresses * peersPerAddress : portsPerAddress;
  return order.torrents * order.peers > most ? `more than ${most} peers` : undefined;
}

class Load {
  readonly #order: LoadOrder;
  readonly #population: Population;
  readonly #onProgress: OnProgress;
  readonly #latencies = new Latencies();
  readonly #verdicts: Verdicts;
  #lost = 0;
  #lostInARow = 0;

  constructor(order: LoadOrder, population: Population, onProgress: OnProgress) {
    this.#order = order;
    this.#population = population;
    this.#onProgress = onProgress;
    this.#verdicts = new Verdicts(population, order.numwant);
  }

  async play(road: Road): Promise<LoadReport> {
    const beganAt = performance.now();
    await road.run(this.#registration());
    if (this.#isGone) throw new Error('the tracker does not answer');
    const registeredAt = performance.now();
    await road.run(this.#announces(registeredAt));
    const seconds = (performance.now() - registeredAt) / 1_000;
    const { answers, tallies } = this.#verdicts;
    return {
      url: this.#order.url,
      registered: this.#population.size,
      registrationSeconds: (registeredAt - beganAt) / 1_000,
      answers,
      seconds,
      announcesPerSec: answers / seconds,
      p50Ms: this.#latencies.percentile(0.5),
      p99Ms: this.#latencies.percentile(0.99),
      lost: this.#lost,
      wrong: tallies,
    };
  }

  get #isGone(): boolean {
    return this.#lostInARow >= patience * this.#order.inFlight;
  }

  /** Nobody else shall announce. */
  get #isOver(): boolean {
    return this.#order.signal.aborted || this.#isGone;
  }

  #countLoss(isLost: boolean): void {
    this.#lostInARow = isLost ? this.#lostInARow + 1 : 0;
    if (isLost) this.#lost += 1;
  }

  /** Everybody once. Who was not heard comes again, until he is. */
  #registration(): Errands {
    const { addresses, size } = this.#population;
    const again: number[] = [];
    const nextOf = addresses.map((_, i) => i);
    let nextOfAll = 0;
    let settled = 0;
    return {
      isFirst: true,
      next: (address) => {
        if (this.#isOver) return undefined;
        const i = again.findIndex(
          (peer) => address === undefined || peer % addresses.length === address,
        );
        if (i >= 0) return again.splice(i, 1)[0];
        const peer = address === undefined ? nextOfAll : (nextOf[address] ?? size);
        if (address === undefined) nextOfAll += 1;
        else nextOf[address] = peer + addresses.length;
        return peer < size ? peer : undefined;
      },
      done: (peer, outcome) => {
        this.#countLoss(outcome.type === 'lost');
        if (outcome.type === 'lost') {
          again.push(peer);
          return;
        }
        // What is said of a swarm that is still coming in is not judged, but a refusal is.
        if (outcome.type !== 'told') this.#verdicts.judge(peer, outcome);
        settled += 1;
        if (settled % 1_000 === 0) this.#onProgress('register', settled / size, `${settled} peers`);
      },
    };
  }

  #announces(beganAt: number): Errands {
    const { addresses, size } = this.#population;
    const random = randomStream(this.#order.seed, 'load');
    const endAt = beganAt + this.#order.time;
    return {
      isFirst: false,
      next: (address) => {
        if (this.#isOver || performance.now() >= endAt) return undefined;
        if (address === undefined) return randomBelow(random, size);
        const ofAddress = Math.ceil((size - address) / addresses.length);
        return address + addresses.length * randomBelow(random, ofAddress);
      },
      done: (peer, outcome: Outcome, latencyMs) => {
        this.#countLoss(outcome.type === 'lost');
        if (outcome.type !== 'lost') this.#latencies.add(latencyMs);
        this.#verdicts.judge(peer, outcome);
        const { answers } = this.#verdicts;
        if (answers % 5_000 === 0) {
          const seconds = (performance.now() - beganAt) / 1_000;
          const share = (1_000 * seconds) / this.#order.time;
          this.#onProgress('load', share, `${Math.round(answers / seconds)} announces/s`);
        }
      },
    };
  }
}

function populationFor({ peers, seed, torrents }: LoadOrder, ip: string): Population {
  const count = isLoopback(ip) ? Math.ceil((torrents * peers) / peersPerAddress) : 1;
  const addresses = Array.from({ length: count }, (_, i) => {
    const address = firstAddress + i;
    return Uint8Array.of(address >>> 24, address >>> 16, address >>> 8, address);
  });
  const isElsewhere = !isLoopback(ip);
  const own = isElsewhere ? [new Uint8Array(4)] : addresses;
  return new Population({ seed, torrents, peers, addresses: own, isElsewhere });
}

const isLoopback = (host: string): boolean =>
  host === 'localhost' || (isIP(host) === 4 && host.startsWith('127.'));

const pathOf = (url: string): string => {
  const { pathname, search } = new URL(url);
  return `${pathname}${search}`;
};
