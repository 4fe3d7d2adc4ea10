/** What a peer may do in vain before it must go, and how often an address may break the rules before it is banned. */
import type { CloseReason } from '../peer/close-reason.ts';

/**
 * Blocks that a peer may bring without being asked, or again, beyond those that it was asked for twice because they were
 * late. Each request is answered once at most (BEP 3): an honest peer needs none of these.
 */
export const maxBlocksUnasked = 16;

/** Requests that find our queue full, or the piece missing, beyond those served. Four times what we say that we queue. */
export const maxRequestsInVain = 2_000;

/** An honest peer breaks no rule; one with a mistake in its program may get through at its next attempt. */
export const maxOffences = 3;

/** Addresses whose offences are remembered; the oldest is forgotten first. */
export const maxOffenders = 1_000;

/** What one peer has brought and asked for in vain: how long we bear with it. */
export class Conduct {
  #mayBring = maxBlocksUnasked;
  #inVain = 0;

  /** We wait no longer for so many blocks: asked for again, each may come twice. */
  gaveUp(blocks: number): void {
    this.#mayBring += blocks;
  }

  /** It has brought a block that nobody waits for. False when that were too many. */
  broughtUnasked(): boolean {
    this.#mayBring -= 1;
    return this.#mayBring >= 0;
  }

  /** A request of it was refused. False when that were too many. */
  refused(): boolean {
    this.#inVain += 1;
    return this.#inVain <= maxRequestsInVain;
  }

  /** A request of it was granted. */
  served(): void {
    this.#inVain = Math.max(0, this.#inVain - 1);
  }
}

/** Nobody ends a connection like that by being slow, full or of another opinion. */
const offences: ReadonlySet<CloseReason> = new Set<CloseReason>([
  'message-storm',
  'request-flood',
  'block-flood',
  'frame-too-long',
  'bad-length',
  'bad-extension-handshake',
  'bad-extension-message',
  'piece-out-of-range',
  'bad-request',
  'bad-block',
  'bad-bitfield',
  'late-bitfield',
  'fast-not-agreed',
  'extension-not-agreed',
]);

/** Counts by address how often somebody broke the rules. */
export class Offenders {
  readonly #counts = new Map<string, number>();

  /** Takes note of why a connection ended. True when this was once too often. */
  ended(ip: string, reason: CloseReason): boolean {
    if (!offences.has(reason)) return false;
    const count = (this.#counts.get(ip) ?? 0) + 1;
    this.#counts.delete(ip);
    this.#counts.set(ip, count);
    for (const oldest of this.#counts.keys()) {
      if (this.#counts.size <= maxOffenders) break;
      this.#counts.delete(oldest);
    }
    return count >= maxOffences;
  }
}
