/** Sessions joined by a fake network in virtual time: whole swarms without a socket, a clock or a disk. */
import type { Instant } from '../time.ts';
import type { Endpoint, InfoHash } from '../torrent/ids.ts';
import { after, millis, start } from '../time.ts';
import { randomBelow, randomStream, type Random } from '../random.ts';
import { InfoHash as infoHashOf, type PieceIndex, endpointKey } from '../torrent/ids.ts';
import type { Form } from '../wire/saying.ts';
import { Pieces } from '../torrent/pieces.ts';
import { FakePeer, type FakePeerSpec, type Surroundings } from './fake-peer.ts';

type Timed = { readonly at: Instant; readonly order: number; readonly run: () => void };

export class FakeSwarm implements Surroundings {
  readonly form: Form;
  readonly infoHash: InfoHash = infoHashOf('ab'.repeat(20));
  readonly content: Uint8Array;
  readonly pieces: Pieces;
  readonly random: Random;
  readonly peers: FakePeer[] = [];
  now: Instant = start;
  #queue: Timed[] = [];
  #order = 0;

  constructor(options: {
    readonly bytes: number;
    readonly pieceLength: number;
    readonly seed: number;
    readonly form?: Form;
  }) {
    this.form = options.form ?? 'bytes';
    this.random = randomStream(options.seed, 'fake swarm');
    this.content = Uint8Array.from({ length: options.bytes }, () => randomBelow(this.random, 256));
    this.pieces = new Pieces({ length: options.bytes, pieceLength: options.pieceLength });
  }

  join(spec: FakePeerSpec): FakePeer {
    const peer = new FakePeer(this, this.peers.length + 1, spec);
    this.peers.push(peer);
    peer.feed({
      type: 'opened',
      infoHash: this.infoHash,
      have: peer.initial.clone(),
      source: 'checked',
    });
    return peer;
  }

  at(wait: number, run: () => void): void {
    this.#queue.push({ at: after(this.now, millis(wait)), order: this.#order++, run });
  }

  /** Plays until `isDone` or until `limitMs` of virtual time have passed; says whether it was done. */
  play(isDone: () => boolean, limitMs = 120_000): boolean {
    const end = this.now + limitMs;
    while (!isDone()) {
      this.#queue.sort((a, b) => a.at - b.at || a.order - b.order);
      const next = this.#queue.shift();
      const due = this.#dueTick();
      const at = Math.min(next?.at ?? Infinity, due?.at ?? Infinity);
      if (at > end) return false;
      this.now = Math.max(this.now, at) as Instant;
      if (next !== undefined && next.at <= at) {
        next.run();
        continue;
      }
      if (next !== undefined) this.#queue.push(next);
      due?.peer.feed({ type: 'tick' });
    }
    return true;
  }

  peerAt(address: Endpoint): FakePeer | undefined {
    return this.peers.find((peer) => endpointKey(peer.address) === endpointKey(address));
  }

  pieceOf(piece: PieceIndex): Uint8Array {
    const offset = this.pieces.offsetOf(piece);
    return this.content.subarray(offset, offset + this.pieces.lengthOf(piece));
  }

  #dueTick(): { readonly at: Instant; readonly peer: FakePeer } | undefined {
    let due: { readonly at: Instant; readonly peer: FakePeer } | undefined;
    for (const peer of this.peers) {
      const at = peer.deadline;
      if (at !== undefined && (due === undefined || at < due.at)) due = { at, peer };
    }
    return due;
  }
}
