/** Swarms by their info hashes (BEP 3), and by numbers that are used again. */
import { idWords } from './peer-table.ts';
import { Swarm, type SwarmParts } from './swarm.ts';

export class SwarmIndex {
  readonly #parts: SwarmParts;
  /** The first of those whose hashes have the same 32-bit hash; the others hang on it. */
  readonly #byHash = new Map<number, Swarm>();
  readonly #byNumber: (Swarm | undefined)[] = [];
  readonly #unused: number[] = [];

  constructor(parts: SwarmParts) {
    this.#parts = parts;
  }

  *all(): Generator<Swarm, void> {
    for (const swarm of this.#byNumber) if (swarm !== undefined) yield swarm;
  }

  /** There must be one with that number. */
  at(number: number): Swarm {
    return this.#byNumber[number] as Swarm;
  }

  find(infoHash: Uint32Array): Swarm | undefined {
    let swarm = this.#byHash.get(this.#hashOf(infoHash));
    while (swarm !== undefined && !isSame(swarm.hashWords, infoHash)) swarm = swarm.sibling;
    return swarm;
  }

  /** A new one, for an info hash that has none. */
  add(infoHash: Uint32Array): Swarm {
    const number = this.#unused.pop() ?? this.#byNumber.length;
    const swarm = new Swarm(infoHash, number, this.#parts);
    const hash = this.#hashOf(infoHash);
    swarm.sibling = this.#byHash.get(hash);
    this.#byHash.set(hash, swarm);
    this.#byNumber[number] = swarm;
    return swarm;
  }

  remove(swarm: Swarm): void {
    const hash = this.#hashOf(swarm.hashWords);
    const first = this.#byHash.get(hash) as Swarm;
    if (first !== swarm) {
      let before = first;
      while (before.sibling !== swarm) before = before.sibling as Swarm;
      before.sibling = swarm.sibling;
    } else if (swarm.sibling === undefined) this.#byHash.delete(hash);
    else this.#byHash.set(hash, swarm.sibling);
    this.#byNumber[swarm.number] = undefined;
    this.#unused.push(swarm.number);
  }

  #hashOf(infoHash: Uint32Array): number {
    return this.#parts.hash.hash(infoHash, 0, idWords);
  }
}

function isSame(a: Uint32Array, b: Uint32Array): boolean {
  for (let i = 0; i < idWords; i += 1) if (a[i] !== b[i]) return false;
  return true;
}
