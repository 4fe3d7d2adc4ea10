/** Whom to name in an answer (BEP 3, 7, 23), as objects or as the bytes of a compact answer. */
import type { Random } from '../random.ts';
import type { CataloguePeer } from './catalogue.ts';
import { peerBytes } from './compact.ts';
import { ipAt, ipWords } from './ip-words.ts';
import { type Locality, chooseNear } from './locality.ts';
import { type PeerRow, nobody } from './peer-table.ts';
import type { Choice, Swarm } from './swarm.ts';
import type { Swarms } from './swarms.ts';

/** Both lists of a compact answer. */
export type CompactPeers = { readonly peers: Uint8Array; readonly peers6: Uint8Array };

const nothing = new Uint8Array(0);

export class Naming {
  readonly #swarms: Swarms;
  readonly #random: Random;
  readonly #locality: Locality | undefined;
  readonly #chosen: Uint32Array;
  #count = 0;
  #swarm: Swarm | undefined;

  constructor(
    swarms: Swarms,
    random: Random,
    how: { locality: Locality | undefined; most: number },
  ) {
    this.#swarms = swarms;
    this.#random = random;
    this.#locality = how.locality;
    this.#chosen = new Uint32Array(how.most);
  }

  /** Chooses them; they are told until the next choice. */
  choose(swarm: Swarm, choice: Choice): void {
    this.#swarm = swarm;
    const locality = this.#locality;
    const isKnown = locality !== undefined && choice.asker !== nobody;
    const network = isKnown ? locality.networkOf(this.#ipOf(choice.asker)) : undefined;
    if (locality === undefined || network === undefined) {
      this.#count = swarm.choose(this.#random, choice, this.#chosen);
      return;
    }
    const candidates = swarm.candidates(choice).map((place) => {
      const row = swarm.rowOf(place);
      return { place, ip: this.#ipOf(row) };
    });
    const { count } = choice;
    const near = chooseNear(this.#random, candidates, locality, { count, network });
    for (const [i, { place }] of near.entries()) this.#chosen[i] = place;
    this.#count = near.length;
  }

  /** How many were chosen. */
  get count(): number {
    return this.#count;
  }

  asObjects(): CataloguePeer[] {
    const swarm = this.#swarm;
    if (swarm === undefined) return [];
    const chosen = this.#chosen.subarray(0, this.#count);
    return Array.from(chosen, (place) => this.listed(swarm.rowOf(place)));
  }

  /** `head` bytes are left free in front of `peers`, and `tail` behind. */
  asBytes(head: number, tail = 0): CompactPeers {
    const swarm = this.#swarm;
    if (swarm === undefined) return { peers: new Uint8Array(head + tail), peers6: nothing };
    const six = this.#countOfSix(swarm);
    const peers = new Uint8Array(head + (this.#count - six) * peerBytes.peers + tail);
    const peers6 = six === 0 ? nothing : new Uint8Array(six * peerBytes.peers6);
    let at = head;
    let at6 = 0;
    for (let i = 0; i < this.#count; i += 1) {
      const place = this.#chosen[i] ?? 0;
      if (six > 0 && swarm.isIpv6(place)) at6 = this.#putSix(peers6, at6, swarm.rowOf(place));
      else {
        swarm.putCompact(place, peers, at);
        at += peerBytes.peers;
      }
    }
    return { peers, peers6 };
  }

  /** One peer as a catalogue has it. */
  listed(row: PeerRow): CataloguePeer {
    const { table } = this.#swarms;
    return { peerId: table.peerId(row), ip: this.#ipOf(row), port: table.ports[row] ?? 0 };
  }

  #ipOf(row: PeerRow): string {
    const { book, table } = this.#swarms;
    return ipAt(book.wordsOf(table.addresses[row] ?? 0), 0);
  }

  #countOfSix(swarm: Swarm): number {
    let six = 0;
    for (let i = 0; i < this.#count; i += 1) if (swarm.isIpv6(this.#chosen[i] ?? 0)) six += 1;
    return six;
  }

  #putSix(bytes: Uint8Array, begin: number, row: PeerRow): number {
    const { book, table } = this.#swarms;
    const words = book.wordsOf(table.addresses[row] ?? 0);
    let at = begin;
    for (let i = 0; i < ipWords; i += 1) at = putWord(bytes, at, words[i] ?? 0);
    return putPort(bytes, at, table.ports[row] ?? 0);
  }
}

function putWord(bytes: Uint8Array, at: number, word: number): number {
  bytes[at] = word >>> 24;
  bytes[at + 1] = word >>> 16;
  bytes[at + 2] = word >>> 8;
  bytes[at + 3] = word;
  return at + 4;
}

function putPort(bytes: Uint8Array, at: number, port: number): number {
  bytes[at] = port >>> 8;
  bytes[at + 1] = port;
  return at + 2;
}
