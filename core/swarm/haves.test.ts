import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Instant, seconds } from '../time.ts';
import { Bitfield } from '../torrent/bitfield.ts';
import { PieceIndex } from '../torrent/ids.ts';
import type { Message } from '../wire/message.ts';
import { Haves, maxHeldHaves, rareUpTo } from './haves.ts';
import type { Peer, TorrentContext } from './peer.ts';
import type { Peers } from './peers.ts';

const pieceCount = 40;
const holdHavesFor = seconds(4);

describe('Haves', () => {
  it('tells at once whom it moves: who is served, who wants nothing, whom the piece is allowed', () => {
    for (const change of [
      ({ wire }: Scene) => (wire.amChoking = false),
      ({ wire }: Scene) => (wire.peerInterested = false),
      ({ peer }: Scene) => peer.allowedToThem.set(PieceIndex(5), 0),
    ]) {
      const scene = new Scene();
      change(scene);
      scene.gain(5);
      expect(scene.said).toEqual([5]);
    }
  });

  it('tells at once of what is rare, and with it what was held', () => {
    const scene = new Scene();
    scene.gain(1);
    scene.gain(2);
    expect(scene.said).toEqual([]);
    scene.availability = rareUpTo;
    scene.gain(3);
    expect(scene.said).toEqual([1, 2, 3]);
  });

  it('holds nothing where it is told not to', () => {
    const scene = new Scene(seconds(0));
    scene.gain(1);
    expect(scene.said).toEqual([1]);
  });

  it('tells several together, or what was held for long enough', () => {
    const scene = new Scene();
    for (let piece = 0; piece < maxHeldHaves - 1; piece += 1) scene.gain(piece);
    expect(scene.said).toEqual([]);
    scene.gain(30);
    expect(scene.said).toHaveLength(maxHeldHaves);
    scene.gain(31);
    scene.tick(holdHavesFor - 1);
    expect(scene.said).not.toContain(31);
    scene.tick(1);
    expect(scene.said).toContain(31);
  });

  it('tells everything in time, once, and nothing that is known or lost by then, whatever happens', () => {
    const piece = fc.nat(pieceCount - 1);
    const step = fc.oneof(
      fc.record({ what: fc.constantFrom('gain', 'lose', 'theirs'), piece }),
      fc.record({ what: fc.constantFrom('tick'), piece: fc.nat(3_000) }),
      fc.record({ what: fc.constantFrom('choke', 'interest', 'rare', 'flush'), piece: fc.nat(4) }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 120 }), (steps) => {
        const scene = new Scene();
        for (const { what, piece: n } of steps) scene.play(what, n);
        scene.haves.flushAll(scene.now);
        scene.expectAllTold();
      }),
    );
  });
});

/** One peer, and what it was told. */
class Scene {
  now = 0 as Instant;
  availability = 20;
  readonly said: number[] = [];
  readonly wire = { amChoking: true, peerInterested: true };
  readonly peer = {
    heldHaves: [],
    holdsSince: 0,
    has: new Bitfield(pieceCount),
    wire: this.wire,
    allowedToThem: new Map(),
  } as unknown as Peer;
  readonly #have = new Bitfield(pieceCount);
  /** When each piece became ours that has not been told; only what a naive reader of the rule would know. */
  readonly #owedSince = new Map<number, Instant>();
  readonly haves: Haves;

  constructor(hold = holdHavesFor) {
    const torrent = {
      options: { holdHavesFor: hold },
      picker: { availability: () => this.availability },
      have: this.#have,
      send: (_now: Instant, _peer: Peer, message: Message) => this.#hear(message),
    } as unknown as TorrentContext;
    this.haves = new Haves(torrent, { ready: () => [this.peer] } as unknown as Peers);
  }

  gain(n: number): void {
    const piece = PieceIndex(n);
    if (this.#have.has(piece)) return;
    this.#have.set(piece);
    if (this.peer.has.has(piece)) return;
    this.#owedSince.set(n, this.now);
    this.haves.tell(this.now, this.peer, piece);
  }

  tick(ms: number): void {
    this.now = (this.now + ms) as Instant;
    this.haves.tick(this.now);
    for (const since of this.#owedSince.values())
      expect(this.now - since).toBeLessThan(holdHavesFor);
  }

  play(what: string, n: number): void {
    const piece = PieceIndex(n % pieceCount);
    if (what === 'gain') this.gain(n);
    else if (what === 'tick') this.tick(n);
    else if (what === 'choke') this.wire.amChoking = !this.wire.amChoking;
    else if (what === 'interest') this.wire.peerInterested = !this.wire.peerInterested;
    else if (what === 'rare') this.availability = n;
    else if (what === 'flush') this.haves.flush(this.now, this.peer);
    else if (what === 'theirs') this.peer.has.set(piece);
    else if (this.#have.has(piece)) this.#have.clear(piece);
    if (what === 'theirs' || what === 'lose') this.#owedSince.delete(piece);
  }

  expectAllTold(): void {
    expect([...this.#owedSince.keys()]).toEqual([]);
  }

  #hear(message: Message): void {
    if (message.type !== 'have') throw new Error(`said ${message.type}`);
    expect(this.#have.has(message.piece)).toBe(true);
    expect(this.peer.has.has(message.piece)).toBe(false);
    expect(this.#owedSince.delete(message.piece)).toBe(true);
    this.said.push(message.piece);
  }
}
