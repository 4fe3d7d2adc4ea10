/** Where a run lives: every peer on an address of its own in 127.0.0.0/8, which Linux binds without set-up. */
import { randomInt } from 'node:crypto';
import type { PeerSpec } from '../plan.ts';

/** The part of 127.0.0.0/8 that runs share: low addresses are where people put their own servers. */
const firstIp = (127 << 24) | (16 << 16);
const ipCount = 224 << 16;
/** Runs begin at multiples of this, so that the addresses of a small run share all but the last number. */
const runStride = 256;

/**
 * - `own`: one address per peer.
 * - `shared`: 127.0.0.1 for all, where the system has no others (macOS without aliases); only ports differ.
 */
export type AddressMode = 'own' | 'shared';

/** Who has which address in one run. */
export class Addresses {
  readonly mode: AddressMode;
  /** Where the tracker and the run's observer are. */
  readonly trackerIp: string;
  readonly #nameAt = new Map<string, string>();
  readonly #ipOf = new Map<string, string>();

  /** `base` is where the run begins, from 0: drawn by chance unless given, so that parallel runs stay apart. */
  constructor(peers: readonly Pick<PeerSpec, 'name' | 'number'>[], options: AddressOptions = {}) {
    const { mode = 'own', base = randomInt(ipCount / runStride) * runStride } = options;
    this.mode = mode;
    this.trackerIp = mode === 'own' ? ipAt(base) : '127.0.0.1';
    for (const { name, number } of peers) {
      const ip = mode === 'own' ? ipAt(base + number) : this.trackerIp;
      if (mode === 'own' && (this.#nameAt.has(ip) || ip === this.trackerIp))
        throw new RangeError(`${name} and ${this.#nameAt.get(ip) ?? 'the tracker'} share ${ip}`);
      this.#nameAt.set(ip, name);
      this.#ipOf.set(name, ip);
    }
  }

  /** The address of a peer of the plan. */
  ipOf(name: string): string {
    const ip = this.#ipOf.get(name);
    if (ip === undefined) throw new RangeError(`no peer is called ${name}`);
    return ip;
  }

  /** Who has this address; undefined when nobody has, or everybody. */
  nameAt(ip: string): string | undefined {
    return this.mode === 'own' ? this.#nameAt.get(ip) : undefined;
  }

  /** Whether an address is this run's and nobody else's. */
  has(ip: string): boolean {
    return this.mode === 'own' && (ip === this.trackerIp || this.#nameAt.has(ip));
  }
}

export type AddressOptions = { readonly mode?: AddressMode; readonly base?: number };

/** Linux and Windows lend out all of 127.0.0.0/8; others need an alias for each address (`ifconfig lo0 alias`). */
export const usualMode = (platform: NodeJS.Platform): AddressMode =>
  platform === 'linux' || platform === 'win32' ? 'own' : 'shared';

function ipAt(index: number): string {
  const ip = firstIp + (index % ipCount);
  return [24, 16, 8, 0].map((shift) => (ip >>> shift) & 255).join('.');
}
