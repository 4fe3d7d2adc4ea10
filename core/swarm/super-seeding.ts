/**
 * A seed that gives every piece away once before it gives any twice (BEP 16).
 *
 * It says that it has nothing and offers each peer, its guest, one piece at a time; nobody else is offered that piece.
 * A guest is offered the next when the last is seen at another peer, so that those who pass on are served first. When
 * every piece is out, all is shown and the seed is one like others.
 *
 *   pool ──offer──▶ claimed by a guest ──all of it sent──▶ out, spreading ──seen at another peer──▶ out
 *     ◀──────────────┘ the guest left, or does not fetch it   │
 *     ◀───────────────────────────────────────────────────────┘ the guest left and nobody else has it
 */
import type { Random } from '../random.ts';
import type { Instant } from '../time.ts';
import type { ConnectionId, PieceIndex } from '../torrent/ids.ts';
import type { BlockRef } from '../torrent/pieces.ts';
import type { Peer, TorrentContext } from './peer.ts';
import { shuffled } from '../random.ts';
import { after } from '../time.ts';
import { Bitfield } from '../torrent/bitfield.ts';

/** One piece being sent and one to follow, so that the line does not run dry between two. */
const maxOffers = 2;

type Offer = {
  readonly piece: PieceIndex;
  /** The `begin` of each block that was sent. */
  readonly sent: Set<number>;
  /** When a block of it was last sent, or the guest could last not help waiting. */
  usefulAt: Instant;
};

type Guest = {
  readonly peer: Peer;
  /** What it was told that we have. */
  readonly shown: Bitfield;
  readonly offers: Offer[];
  /** It has had all of these from us, and nobody else has been seen with them. */
  readonly spreading: Set<PieceIndex>;
};

export class SuperSeeding {
  readonly #torrent: TorrentContext;
  readonly #guests = new Map<ConnectionId, Guest>();
  /** Whose offer a piece is, or who spreads it. */
  readonly #owners = new Map<PieceIndex, Guest>();
  /** Pieces sent whole, or seen at a peer. */
  readonly #out: Bitfield;
  /** What may be offered, the next at the end; those that are out are dropped when they are met. */
  readonly #pool: PieceIndex[];
  #isDone = false;

  constructor(torrent: TorrentContext, random: Random) {
    const { count } = torrent.pieces;
    this.#torrent = torrent;
    this.#out = new Bitfield(count);
    this.#pool = shuffled(random, [...Bitfield.full(count).ones()]);
  }

  /** Newcomers are to be told that we have nothing. */
  get isHiding(): boolean {
    const { have, options } = this.#torrent;
    return options.seedPolicy === 'super' && have.isFull && !this.#isDone;
  }

  /** Whether the peer knows that we have the piece, and so may ask for it. */
  hasShown(conn: ConnectionId, piece: PieceIndex): boolean {
    return this.#guests.get(conn)?.shown.has(piece) ?? true;
  }

  /** Whether the peer was told that we have nothing. */
  isGuest(conn: ConnectionId): boolean {
    return this.#guests.has(conn);
  }

  /** The first thing a guest hears. */
  welcome(now: Instant, peer: Peer): void {
    const shown = new Bitfield(this.#torrent.pieces.count);
    const guest: Guest = { peer, shown, offers: [], spreading: new Set() };
    this.#guests.set(peer.conn, guest);
    if (peer.wire.fast) this.#torrent.send(now, peer, { type: 'have-none' });
    this.#offer(now, guest);
  }

  /** A block has gone to the peer. */
  sent(now: Instant, { conn }: Peer, { piece, begin }: Pick<BlockRef, 'piece' | 'begin'>): void {
    const guest = this.#guests.get(conn);
    const offer = guest?.offers.find((each) => each.piece === piece);
    if (guest === undefined || offer === undefined) return;
    offer.sent.add(begin);
    offer.usefulAt = now;
    if (offer.sent.size === this.#torrent.pieces.blockCount(piece)) {
      this.#withdraw(guest, offer);
      guest.spreading.add(piece);
      this.#isOut(now, piece);
    }
    this.#keepBusy(now);
  }

  /** The peer holds the piece: whoever had it from us has passed it on, if it is another. */
  seen(now: Instant, { conn }: Peer, piece: PieceIndex): void {
    if (!this.isHiding) return;
    const owner = this.#owners.get(piece);
    if (owner !== undefined && owner.peer.conn !== conn) owner.spreading.delete(piece);
    const own = this.#guests.get(conn)?.offers.find((offer) => offer.piece === piece);
    const guest = own === undefined ? owner : this.#guests.get(conn);
    if (guest !== undefined && own !== undefined) this.#withdraw(guest, own);
    this.#isOut(now, piece);
    if (guest !== undefined) this.#next(now, guest);
  }

  left(now: Instant, conn: ConnectionId): void {
    const guest = this.#guests.get(conn);
    if (guest === undefined) return;
    this.#guests.delete(conn);
    for (const { piece } of guest.offers) this.#returned(guest, piece);
    for (const piece of guest.spreading)
      if (this.#torrent.picker.availability(piece) === 0) this.#returned(guest, piece);
    this.#keepBusy(now);
  }

  /** Takes pieces back that their guests do not fetch although they could, and sees that the line is used. */
  housekeep(now: Instant): void {
    if (this.#guests.size === 0) return;
    if (!this.isHiding) return this.#showAll(now);
    for (const guest of this.#guests.values())
      for (const offer of [...guest.offers]) this.#review(now, guest, offer);
    for (const guest of this.#guests.values()) this.#next(now, guest);
    this.#keepBusy(now);
    this.#keepWanted(now);
  }

  #review(now: Instant, guest: Guest, offer: Offer): void {
    const { amChoking, peerInterested } = guest.peer.wire;
    const canOnlyWait = amChoking && peerInterested;
    if (canOnlyWait) offer.usefulAt = now;
    else if (after(offer.usefulAt, this.#torrent.options.requestLimit) <= now) {
      this.#withdraw(guest, offer);
      this.#returned(guest, offer.piece);
    }
  }

  /** A guest that has passed on all that it had is offered the next piece. */
  #next(now: Instant, guest: Guest): void {
    if (guest.offers.length === 0 && guest.spreading.size === 0) this.#offer(now, guest);
  }

  /** Those who are served do not wait for their last piece to be seen elsewhere: a seed that waits wastes its line. */
  #keepBusy(now: Instant): void {
    const served = [...this.#guests.values()].filter(({ peer }) => !peer.wire.amChoking);
    this.#keepHalf(now, served, (guest) => this.#isBusy(guest));
  }

  /** The same for the choker, which serves only those who want something. */
  #keepWanted(now: Instant): void {
    const wants = ({ offers, peer }: Guest): boolean =>
      offers.length > 0 && peer.wire.peerInterested;
    this.#keepHalf(now, [...this.#guests.values()], wants);
  }

  /** Offers pieces until half as many as there are slots for are busy. */
  #keepHalf(now: Instant, guests: readonly Guest[], isBusy: (guest: Guest) => boolean): void {
    const { optimisticSlots, uploadSlots } = this.#torrent.options;
    const most = Math.min(uploadSlots + optimisticSlots, guests.length);
    let missing = Math.ceil(most / 2) - guests.filter(isBusy).length;
    for (const guest of guests) {
      if (missing <= 0) return;
      if (isBusy(guest) || guest.offers.length >= maxOffers) continue;
      if (this.#offer(now, guest)) missing -= 1;
    }
  }

  /** It has more to fetch than the second half of a piece, which is sent before it could ask for another one. */
  #isBusy({ offers }: Guest): boolean {
    const { pieces } = this.#torrent;
    return offers.some(({ piece, sent }) => sent.size * 2 < pieces.blockCount(piece));
  }

  /** Shows the guest a piece that nobody else was offered; false when there is none for it. */
  #offer(now: Instant, guest: Guest): boolean {
    for (let i = this.#pool.length - 1; i >= 0; i -= 1) {
      const piece = this.#pool[i] as PieceIndex;
      const isOut = this.#out.has(piece);
      if (!isOut && (guest.shown.has(piece) || guest.peer.has.has(piece))) continue;
      this.#pool.splice(i, 1);
      if (isOut) continue;
      guest.offers.push({ piece, sent: new Set(), usefulAt: now });
      this.#owners.set(piece, guest);
      this.#show(now, guest, piece);
      return true;
    }
    return false;
  }

  #withdraw(guest: Guest, offer: Offer): void {
    guest.offers.splice(guest.offers.indexOf(offer), 1);
  }

  /** The piece is to be offered again, after all that were never offered. */
  #returned(guest: Guest, piece: PieceIndex): void {
    if (this.#owners.get(piece) !== guest) return;
    this.#owners.delete(piece);
    this.#out.clear(piece);
    this.#pool.unshift(piece);
  }

  #isOut(now: Instant, piece: PieceIndex): void {
    this.#out.set(piece);
    if (this.#out.isFull) this.#showAll(now);
  }

  /** From here on everybody may have everything. */
  #showAll(now: Instant): void {
    const guests = [...this.#guests.values()];
    this.#isDone = true;
    this.#guests.clear();
    this.#owners.clear();
    for (const guest of guests)
      for (const piece of this.#torrent.have.ones())
        if (!guest.shown.has(piece) && !guest.peer.has.has(piece)) this.#show(now, guest, piece);
  }

  #show(now: Instant, guest: Guest, piece: PieceIndex): void {
    guest.shown.set(piece);
    this.#torrent.send(now, guest.peer, { type: 'have', piece });
  }
}
