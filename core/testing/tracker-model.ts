/** A tracker as one would write it without a thought for speed: the oracle of the Registry. */
import type { AnnounceRequest, PeerAddress } from '../tracker/announce.ts';
import type { RegistryOptions } from '../tracker/registry-options.ts';
import type { Duration, Instant } from '../time.ts';
import type { InfoHash, PeerId } from '../torrent/ids.ts';

type ModelPeer = {
  readonly infoHash: InfoHash;
  readonly peerId: PeerId;
  readonly ip: string;
  readonly port: number;
  readonly key: string | undefined;
  readonly isSeeder: boolean;
  readonly isPaused: boolean;
  readonly wasCounted: boolean;
  readonly heardAt: Instant;
};

/** What must be true of an answer; undefined is a failure. */
export type Expected = {
  readonly seeders: number;
  readonly leechers: number;
  readonly downloaded: number;
  /** Everybody who may be in the answer. */
  readonly eligible: readonly PeerAddress[];
  readonly count: number;
};

export class TrackerModel {
  now: Instant;
  readonly expireAfter: Duration;
  readonly #options: RegistryOptions;
  /** In the order of registration. */
  #peers: ModelPeer[] = [];
  readonly #published: InfoHash[] = [];
  #completions: InfoHash[] = [];

  constructor(now: Instant, expireAfter: Duration, options: RegistryOptions) {
    this.now = now;
    this.expireAfter = expireAfter;
    this.#options = options;
  }

  get deadline(): number | undefined {
    if (this.#peers.length === 0) return undefined;
    return Math.min(...this.#peers.map(({ heardAt }) => heardAt)) + this.expireAfter;
  }

  get swarmCount(): number {
    return new Set(this.#peers.map(({ infoHash }) => infoHash)).size;
  }

  wait(time: number): void {
    this.now = (this.now + time) as Instant;
    this.#peers = this.#peers.filter(({ heardAt }) => this.now - heardAt < this.expireAfter);
    this.#forgetEmpty();
  }

  forget(): void {
    this.#peers = [];
    this.#completions = [];
  }

  publish(infoHash: InfoHash): { readonly id: number; readonly isNew: boolean } {
    const isNew = !this.#published.includes(infoHash);
    if (isNew) this.#published.push(infoHash);
    return { id: this.#published.indexOf(infoHash), isNew };
  }

  announce(request: AnnounceRequest, ip: string): Expected | undefined {
    const { event, infoHash, peerId } = request;
    const known = this.#in(infoHash).find((peer) => peer.peerId === peerId);
    if (known !== undefined && isSomebodyElse(known, request, ip)) return undefined;
    if (event === 'stopped') {
      this.#peers = this.#peers.filter((peer) => peer !== known);
      const expected = this.#expected({ ...request, numwant: request.numwant ?? 0 });
      this.#forgetEmpty();
      return expected;
    }
    if (!this.#hasRoom(infoHash, ip, known)) return undefined;
    this.#hear(request, ip, known);
    return this.#expected(request);
  }

  #hear(request: AnnounceRequest, ip: string, known: ModelPeer | undefined): void {
    const { event, infoHash, key, left, peerId, port } = request;
    const isSeeder = left === 0;
    const wasCounted = known?.wasCounted ?? false;
    const wasLeecher = known?.isSeeder === false;
    const completes = [event === 'completed', isSeeder, wasLeecher, !wasCounted].every(Boolean);
    if (completes) this.#completions.push(infoHash);
    const peer: ModelPeer = {
      ...{ infoHash, peerId, ip, port, isSeeder, heardAt: this.now },
      key: known?.key ?? key,
      isPaused: event === 'paused' && !isSeeder,
      wasCounted: wasCounted || completes,
    };
    if (known === undefined) this.#peers.push(peer);
    else this.#peers = this.#peers.map((other) => (other === known ? peer : other));
  }

  /** Undefined: the swarm is not known. */
  scrape(infoHash: InfoHash):
    | {
        readonly seeders: number;
        readonly leechers: number;
        readonly downloaded: number;
        readonly downloaders: number;
      }
    | undefined {
    const peers = this.#in(infoHash);
    if (peers.length === 0 && !this.#published.includes(infoHash)) return undefined;
    return {
      ...this.#counts(infoHash),
      downloaders: peers.filter(({ isPaused, isSeeder }) => !isSeeder && !isPaused).length,
    };
  }

  /** Ids with the seeders and the leechers, in the order in which they came. */
  list(): {
    readonly id: number;
    readonly seeders: readonly PeerAddress[];
    readonly leechers: readonly PeerAddress[];
  }[] {
    return this.#published
      .map((infoHash, id) => {
        const peers = this.#in(infoHash);
        return {
          id,
          seeders: peers.filter(({ isSeeder }) => isSeeder).map(addressOf),
          leechers: peers.filter(({ isSeeder }) => !isSeeder).map(addressOf),
        };
      })
      .filter(({ seeders }) => seeders.length > 0);
  }

  #expected({ event, infoHash, left, numwant, peerId }: AnnounceRequest): Expected {
    const withSeeders = left > 0 && event !== 'paused';
    const eligible = this.#in(infoHash)
      .filter((peer) => peer.peerId !== peerId && (withSeeders || !peer.isSeeder))
      .map(addressOf);
    const { defaultNumwant, maxNumwant } = this.#options;
    const count = Math.min(eligible.length, numwant ?? defaultNumwant, maxNumwant);
    return { ...this.#counts(infoHash), eligible, count };
  }

  #counts(infoHash: InfoHash): Pick<Expected, 'seeders' | 'leechers' | 'downloaded'> {
    const peers = this.#in(infoHash);
    const seeders = peers.filter(({ isSeeder }) => isSeeder).length;
    const downloaded = this.#completions.filter((hash) => hash === infoHash).length;
    return { seeders, leechers: peers.length - seeders, downloaded };
  }

  #hasRoom(infoHash: InfoHash, ip: string, known: ModelPeer | undefined): boolean {
    const { maxPeersPerAddress, maxPeersPerSwarm, maxSwarms } = this.#options;
    const neighbours = this.#peers.filter((peer) => peer.ip === ip && peer !== known);
    const { length: size } = this.#in(infoHash);
    return (
      (known?.ip === ip || neighbours.length < maxPeersPerAddress) &&
      (known !== undefined || size < maxPeersPerSwarm) &&
      (size > 0 || this.#published.includes(infoHash) || this.swarmCount < maxSwarms)
    );
  }

  /** What is not published is forgotten with its last peer. */
  #forgetEmpty(): void {
    this.#completions = this.#completions.filter(
      (hash) => this.#published.includes(hash) || this.#in(hash).length > 0,
    );
  }

  #in(infoHash: InfoHash): ModelPeer[] {
    return this.#peers.filter((peer) => peer.infoHash === infoHash);
  }
}

const isSomebodyElse = (peer: ModelPeer, { key, port }: AnnounceRequest, ip: string): boolean =>
  (peer.ip !== ip || peer.port !== port) && peer.key !== undefined && peer.key !== key;

const addressOf = ({ ip, peerId, port }: ModelPeer): PeerAddress => ({ ip, port, peerId });
