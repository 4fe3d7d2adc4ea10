/** Telling others what we have come by (BEP 3, "have"): at once to those whom it moves, together to the others. */
import type { Instant } from '../time.ts';
import type { PieceIndex } from '../torrent/ids.ts';
import type { Peer, TorrentContext } from './peer.ts';
import type { Peers } from './peers.ts';
import { after } from '../time.ts';
import { EarliestDue } from './earliest-due.ts';

/** So many haves together cost hardly more than one to send, to carry and to read; more would win little. */
export const maxHeldHaves = 8;

/** What so few of those around us have is told at once: others choose by it what to ask for first. */
export const rareUpTo = 2;

/**
 * A peer that we choke, and that wants something of us already, can do nothing with one more piece. It hears of it with
 * whatever is said to it next, an unchoke before all; when there are `maxHeldHaves`; or after `holdHavesFor`. In a
 * crowd haves are half of all messages, and what each costs is not its nine bytes.
 */
export class Haves {
  readonly #torrent: TorrentContext;
  readonly #peers: Peers;
  readonly #due = new EarliestDue();

  constructor(torrent: TorrentContext, peers: Peers) {
    this.#torrent = torrent;
    this.#peers = peers;
  }

  /** The peer does not have the piece, and we do now. */
  tell(now: Instant, peer: Peer, piece: PieceIndex): void {
    const { options, picker } = this.#torrent;
    if (options.holdHavesFor === 0) return this.#say(now, peer, piece);
    const { heldHaves } = peer;
    if (!heldHaves.includes(piece)) heldHaves.push(piece);
    const isRare = picker.availability(piece) <= rareUpTo;
    if (isRare || heldHaves.length >= maxHeldHaves) return this.flush(now, peer);
    if (!canWait(peer) || peer.allowedToThem.has(piece)) return this.flush(now, peer);
    if (heldHaves.length > 1) return;
    peer.holdsSince = now;
    this.#due.include(after(now, options.holdHavesFor));
  }

  /** Call when the peer may have come to want nothing, or be served. */
  review(now: Instant, peer: Peer): void {
    if (!canWait(peer)) this.flush(now, peer);
  }

  /** Tells the peer what it was not told, unless it has that itself by now, or we have lost it again. */
  flush(now: Instant, peer: Peer): void {
    for (const piece of peer.heldHaves.splice(0))
      if (this.#torrent.have.has(piece) && !peer.has.has(piece)) this.#say(now, peer, piece);
  }

  flushAll(now: Instant): void {
    for (const peer of this.#peers.ready()) this.flush(now, peer);
  }

  /** Tells those who have waited for long enough. */
  tick(now: Instant): void {
    if (!this.#due.isDue(now)) return;
    this.#due.restart();
    for (const peer of this.#peers.ready()) {
      if (peer.heldHaves.length === 0) continue;
      const dueAt = after(peer.holdsSince, this.#torrent.options.holdHavesFor);
      if (dueAt <= now) this.flush(now, peer);
      else this.#due.include(dueAt);
    }
  }

  #say(now: Instant, peer: Peer, piece: PieceIndex): void {
    this.#torrent.send(now, peer, { type: 'have', piece });
  }
}

const canWait = ({ wire }: Peer): boolean => wire.amChoking && wire.peerInterested;
