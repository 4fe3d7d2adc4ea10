/** What the two sides of an open connection have said to each other: who chokes whom, who wants what (BEP 3). */
import type { Instant } from '../time.ts';
import type { PieceIndex } from '../torrent/ids.ts';
import type { Message } from '../wire/message.ts';
import type { Expected, Violation } from './validation.ts';
import { never } from '../never.ts';
import { ChangeAllowance } from './changes.ts';
import { violationOf } from './validation.ts';

/** A change, the word we said before, or a reason to hang up. */
export type Verdict = 'news' | 'repeated' | 'message-storm' | Violation;

/** What a peer may say only so often: each is cheap to send and makes us think. */
type Change = 'choke' | 'unchoke' | 'interested' | 'not-interested' | 'extended';

/** A new piece of ours makes a peer interested, and not again once it has it. */
const changesPerHave = 2;

export class Dialogue {
  /** Both sides speak the fast extension (BEP 6). */
  readonly fast: boolean;
  amChoking = true;
  amInterested = false;
  peerChoking = true;
  peerInterested = false;
  readonly #expected: Expected;
  readonly #allowance: ChangeAllowance;
  #haves = 0;
  /** Nothing has come yet that a bitfield may not follow. */
  #isFirst = true;

  constructor(now: Instant, expected: Expected) {
    this.fast = expected.fast;
    this.#expected = expected;
    this.#allowance = new ChangeAllowance(now);
  }

  /** Takes note of a message we send. */
  said(now: Instant, { type }: Message): void {
    if (type === 'have') return this.#allowance.grant(now, changesPerHave);
    if (type === 'choke' || type === 'unchoke') this.amChoking = type === 'choke';
    else if (type === 'interested' || type === 'not-interested')
      this.amInterested = type === 'interested';
    else return;
    this.#allowance.grant(now, 1);
  }

  /** Judges a message of the peer and, when there is nothing wrong with it, takes note of it. */
  heard(now: Instant, message: Message): Verdict {
    const isFirst = this.#isFirst;
    const violation = violationOf(message, this.#expected, isFirst);
    if (violation !== undefined) return violation;
    // Clients send their extension handshake first, and some the port of their DHT (BEP 5).
    if (message.type !== 'extended' && message.type !== 'unknown') this.#isFirst = false;
    switch (message.type) {
      case 'choke':
      case 'unchoke':
      case 'interested':
      case 'not-interested':
      case 'extended':
        return this.#allowance.take(now) ? this.#change(message.type) : 'message-storm';
      case 'suggest':
      case 'unknown':
        return this.mayChatter(now) ? 'news' : 'message-storm';
      case 'have':
        return this.#isGain() || this.mayChatter(now) ? 'news' : 'message-storm';
      case 'bitfield':
        // Against BEP 3, aria2 1.36 sends its bitfield again where that is shorter than many haves.
        return isFirst || this.#allowance.take(now) ? 'news' : 'message-storm';
      default:
        return 'news';
    }
  }

  /** Takes note of something that changes nothing; false when there was too much of that. */
  mayChatter(now: Instant): boolean {
    return this.#allowance.take(now);
  }

  /** Whether the torrent has this piece. */
  isPiece(piece: PieceIndex): boolean {
    return piece < this.#expected.pieces.count;
  }

  /** Nobody comes by more pieces than there are, unless it loses some. */
  #isGain(): boolean {
    this.#haves += 1;
    return this.#haves <= this.#expected.pieces.count;
  }

  #change(type: Change): Verdict {
    switch (type) {
      case 'choke':
      case 'unchoke': {
        const wasChoking = this.peerChoking;
        this.peerChoking = type === 'choke';
        return this.peerChoking === wasChoking ? 'repeated' : 'news';
      }
      case 'interested':
      case 'not-interested': {
        const wasInterested = this.peerInterested;
        this.peerInterested = type === 'interested';
        return this.peerInterested === wasInterested ? 'repeated' : 'news';
      }
      case 'extended':
        return 'news';
      default:
        return never(type);
    }
  }
}
