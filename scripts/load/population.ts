/** The peers that a load consists of: who they are follows from a seed, so that every answer can be checked by arithmetic. */
import { toHex } from '../../core/bytes/hex.ts';
import { setUint32, uint32At } from '../../core/bytes/uint32.ts';

export type PopulationOptions = {
  readonly seed: number;
  readonly torrents: number;
  /** In each torrent. */
  readonly peers: number;
  /** The addresses that they speak from, 4 bytes each. */
  readonly addresses: readonly Uint8Array[];
  /** How the tracker sees them is not known, so peers are told apart by their ports alone. */
  readonly isElsewhere: boolean;
};

const hashBytes = 20;
/** Every fifth peer has everything. */
const leechersPerSeeder = 4;
const firstPort = 1_024;
const lastPort = 65_535;
/** How clients name themselves (BEP 20). */
const clientName = new TextEncoder().encode('-SL0100-');

/** Ports that one address has for the population: as many peers can be told apart. */
export const portsPerAddress: number = lastPort - firstPort + 1;

/** Peers are numbered from 0, torrent by torrent, and dealt out to the addresses one by one. */
export class Population {
  readonly torrents: number;
  readonly peers: number;
  readonly addresses: readonly Uint8Array[];
  readonly seedersPerTorrent: number;
  readonly #seed: number;
  readonly #isElsewhere: boolean;
  readonly #addressNumbers: ReadonlyMap<number, number>;

  constructor({ addresses, isElsewhere, peers, seed, torrents }: PopulationOptions) {
    this.torrents = torrents;
    this.peers = peers;
    this.addresses = addresses;
    this.seedersPerTorrent = Math.ceil(peers / (leechersPerSeeder + 1));
    this.#seed = seed;
    this.#isElsewhere = isElsewhere;
    this.#addressNumbers = new Map(addresses.map((address, i) => [uint32At(address, 0), i]));
  }

  get size(): number {
    return this.torrents * this.peers;
  }

  torrentOf(peer: number): number {
    return Math.floor(peer / this.peers);
  }

  isSeeder(peer: number): boolean {
    return (peer % this.peers) % (leechersPerSeeder + 1) === 0;
  }

  /** Which of the addresses it speaks from. */
  addressOf(peer: number): number {
    return peer % this.addresses.length;
  }

  portOf(peer: number): number {
    return firstPort + Math.floor(peer / this.addresses.length);
  }

  /** Who listens there: 4 bytes and a port, as in a compact answer (BEP 23); undefined: nobody of ours. */
  find(bytes: Uint8Array, at: number): number | undefined {
    const known = this.#addressNumbers.get(uint32At(bytes, at));
    const address = this.#isElsewhere ? 0 : known;
    if (address === undefined) return undefined;
    const port = ((bytes[at + 4] ?? 0) << 8) | (bytes[at + 5] ?? 0);
    const peer = (port - firstPort) * this.addresses.length + address;
    return peer >= 0 && peer < this.size ? peer : undefined;
  }

  /** The info hash of a torrent, written at `at`. */
  writeInfoHash(torrent: number, bytes: Uint8Array, at: number): void {
    writeInfoHash(this.#seed, torrent, bytes, at);
  }

  /** The peer id, written at `at`. */
  writePeerId(peer: number, bytes: Uint8Array, at: number): void {
    bytes.set(clientName, at);
    setUint32(bytes, at + 8, this.#seed);
    setUint32(bytes, at + 12, Math.imul(peer + 1, 0x85eb_ca6b) >>> 0);
    setUint32(bytes, at + 16, peer);
  }
}

/** Of all torrents of such a population, in hexadecimal: for trackers that want to know them before. */
export const infoHashes = (seed: number, torrents: number): readonly string[] =>
  Array.from({ length: torrents }, (_, torrent) => {
    const bytes = new Uint8Array(hashBytes);
    writeInfoHash(seed, torrent, bytes, 0);
    return toHex(bytes);
  });

function writeInfoHash(seed: number, torrent: number, bytes: Uint8Array, at: number): void {
  bytes.fill(0x5a, at, at + hashBytes);
  // What trackers put into tables is spread, as real hashes are.
  setUint32(bytes, at, Math.imul(torrent + 1, 0x9e37_79b1) >>> 0);
  setUint32(bytes, at + 4, seed);
  setUint32(bytes, at + 8, torrent);
}
