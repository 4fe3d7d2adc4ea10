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
    const locality = this.#locality;
    const isKnown = locality !== undefined && choice.asker !== nobody;
    const network = isKnown ? locality.networkOf(this.#ipOf(choice.asker)) : undefined;
    if (locality === undefined || network === undefined) {
      this.#count = swarm.choose(this.#random, choice, this.#chosen);
      return;
    }
    const candidates = swarm.candidates(choice).map((row) => ({ row, ip: this.#ipOf(row) }));
    const { count } = choice;
    const near = chooseNear(this.#random, candidates, locality, { count, network });
    for (const [i, { row }] of near.entries()) this.#chosen[i] = row;
    this.#count = near.length;
  }

  /** How many were chosen. */
  get count(): number {
    return this.#count;
  }

  asObjects(): CataloguePeer[] {
    return Array.from(this.#chosen.subarray(0, this.#count), (row) => this.listed(row));
  }

  /** `head` bytes are left free in front of `peers`. */
  asBytes(head: number): CompactPeers {
    const six = this.#countOfSix();
    const peers = new Uint8Array(head + (this.#count - six) * peerBytes.peers);
    const peers6 = six === 0 ? nothing : new Uint8Array(six * peerBytes.peers6);
    const { book, table } = this.#swarms;
    let at = head;
    let at6 = 0;
    for (let i = 0; i < this.#count; i += 1) {
      const row = this.#chosen[i] ?? 0;
      const address = table.addresses[row] ?? 0;
      const port = table.ports[row] ?? 0;
      if (six === 0 || book.isIpv4(address)) {
        at = putWord(peers, at, book.ipv4(address));
        at = putPort(peers, at, port);
      } else {
        const words = book.wordsOf(address);
        for (let word = 0; word < ipWords; word += 1) at6 = putWord(peers6, at6, words[word] ?? 0);
        at6 = putPort(peers6, at6, port);
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

  #countOfSix(): number {
    const { book, table } = this.#swarms;
    let six = 0;
    for (let i = 0; i < this.#count; i += 1)
      if (!book.isIpv4(table.addresses[this.#chosen[i] ?? 0] ?? 0)) six += 1;
    return six;
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
