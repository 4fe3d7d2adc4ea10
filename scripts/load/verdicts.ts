/** What is wrong with an answer: a tracker is not fast that answers quickly with nothing. */
import type { Outcome, Told } from './errand.ts';
import type { Population } from './population.ts';

export type Wrong =
  | 'refused'
  | 'garbled'
  | 'wrong counts'
  | 'too few peers'
  | 'too many peers'
  | 'a peer that does not exist'
  | 'a peer of another swarm'
  | 'a peer twice'
  | 'the asker himself';

export type Tally = {
  readonly wrong: Wrong;
  readonly count: number;
  /** The first of them, in words. */
  readonly example: string;
};

const peerBytes = 6;

export class Verdicts {
  readonly #population: Population;
  readonly #numwant: number;
  readonly #tallies = new Map<Wrong, { count: number; readonly example: string }>();
  /** Who was named in which answer. */
  readonly #namedIn: Uint32Array;
  #answers = 0;

  constructor(population: Population, numwant: number) {
    this.#population = population;
    this.#numwant = numwant;
    this.#namedIn = new Uint32Array(population.peers);
  }

  /** Answers that were judged. */
  get answers(): number {
    return this.#answers;
  }

  /** Of each kind that there was, most first. */
  get tallies(): readonly Tally[] {
    return Array.from(this.#tallies, ([wrong, tally]) => ({ wrong, ...tally })).sort(
      (a, b) => b.count - a.count,
    );
  }

  /** Judges the answer to an announce of `peer`. What is lost is nobody's answer. */
  judge(peer: number, outcome: Outcome): void {
    if (outcome.type === 'lost') return;
    this.#answers += 1;
    if (outcome.type !== 'told') return this.#note(outcome.type, peer, outcome.detail);
    this.#judgeCounts(peer, outcome.told);
    this.#judgePeers(peer, outcome.told.peers);
  }

  #judgeCounts(peer: number, { leechers, seeders }: Told): void {
    const { peers, seedersPerTorrent } = this.#population;
    if (seeders === seedersPerTorrent && leechers === peers - seedersPerTorrent) return;
    const right = `${seedersPerTorrent} seeders and ${peers - seedersPerTorrent} leechers`;
    this.#note('wrong counts', peer, `${seeders} seeders and ${leechers} leechers, not ${right}`);
  }

  #judgePeers(peer: number, listed: Uint8Array): void {
    const count = listed.length / peerBytes;
    const least = Math.min(this.#numwant, this.#eligibleFor(peer));
    if (!Number.isInteger(count)) this.#note('garbled', peer, `${listed.length} bytes of peers`);
    if (count < least) this.#note('too few peers', peer, `${count} peers, not ${least}`);
    if (count > this.#numwant)
      this.#note('too many peers', peer, `${count} peers, not ${this.#numwant}`);
    for (let at = 0; at + peerBytes <= listed.length; at += peerBytes) {
      const wrong = this.#problemWith(peer, listed, at);
      if (wrong !== undefined) this.#note(wrong, peer, shownEndpoint(listed, at));
    }
  }

  /** A seeder has no use for seeders; whether it is given some is the tracker's choice. */
  #eligibleFor(peer: number): number {
    const { peers, seedersPerTorrent } = this.#population;
    return this.#population.isSeeder(peer) ? peers - seedersPerTorrent : peers - 1;
  }

  #problemWith(peer: number, listed: Uint8Array, at: number): Wrong | undefined {
    const population = this.#population;
    const named = population.find(listed, at);
    if (named === undefined) return 'a peer that does not exist';
    if (named === peer) return 'the asker himself';
    const place = named - population.torrentOf(peer) * population.peers;
    if (place < 0 || place >= population.peers) return 'a peer of another swarm';
    if (this.#namedIn[place] === this.#answers) return 'a peer twice';
    this.#namedIn[place] = this.#answers;
    return undefined;
  }

  #note(wrong: Wrong, peer: number, detail: string): void {
    const known = this.#tallies.get(wrong);
    if (known !== undefined) known.count += 1;
    else {
      const torrent = this.#population.torrentOf(peer);
      const example = `torrent ${torrent}, peer ${peer % this.#population.peers}: ${detail}`;
      this.#tallies.set(wrong, { count: 1, example });
    }
  }
}

const shownEndpoint = (listed: Uint8Array, at: number): string =>
  `${listed.subarray(at, at + 4).join('.')}:${((listed[at + 4] ?? 0) << 8) | (listed[at + 5] ?? 0)}`;
