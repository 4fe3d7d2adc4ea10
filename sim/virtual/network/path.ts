/** The way from one host to another, for one connection: it ends when either moves away or loses its power. */
import { packetBytes } from './access.ts';
import { type Micros, plus } from '../micros.ts';
import type { Site } from './site.ts';

export class Path {
  readonly from: Site;
  readonly to: Site;
  readonly #fromLife: number;
  readonly #toLife: number;

  constructor(from: Site, to: Site) {
    this.from = from;
    this.to = to;
    this.#fromLife = from.life;
    this.#toLife = to.life;
  }

  /** Whether what leaves now arrives. */
  get isClear(): boolean {
    if (!this.hasSender || !this.hasReceiver || this.to.isOff) return false;
    return !this.from.blocked.has(this.to);
  }

  /** Whether nothing comes back from there. */
  get isDeaf(): boolean {
    return this.to.blocked.has(this.from);
  }

  /** Whether the host that sends is still the one that began. */
  get hasSender(): boolean {
    return this.from.life === this.#fromLife;
  }

  /** Whether the host that receives is still the one that began. */
  get hasReceiver(): boolean {
    return this.to.life === this.#toLife;
  }

  /** Whether nothing will ever get through, or back, any more. */
  get isHole(): boolean {
    return !this.hasSender || this.to.movedAtLife > this.#toLife;
  }

  /** Whether the host at the other end has come back without any memory of the connection, and says so when asked. */
  get isForgotten(): boolean {
    if (this.hasReceiver || this.isHole || this.to.isOff) return false;
    return !this.isDeaf && !this.from.blocked.has(this.to);
  }

  /** There and back without jitter. */
  get roundTrip(): Micros {
    return plus(this.from.delay, this.to.delay);
  }

  /** Whether one of the packets of a segment must be sent again. */
  drawLoss(bytes: number): boolean {
    const { loss, losses } = this.from;
    return losses() >= (1 - loss) ** Math.ceil(bytes / packetBytes);
  }
}
