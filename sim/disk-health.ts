/** What can be wrong with a disk, the same in both worlds: it is full, or broken, until it is healed. */
import type { DiskFailure } from '../core/swarm/jobs.ts';

export class DiskHealth {
  #roomBytes = Infinity;
  #isBroken = false;

  /** What may still be written, in bytes; Infinity unless it was filled. */
  get roomBytes(): number {
    return this.#roomBytes;
  }

  /** From now on it takes so many bytes more. */
  fill(afterBytes: number): void {
    this.#roomBytes = afterBytes;
  }

  /** Nothing can be read or written any more. */
  break(): void {
    this.#isBroken = true;
  }

  /** There is room again, and everything works. */
  heal(): void {
    this.#roomBytes = Infinity;
    this.#isBroken = false;
  }

  /** What is wrong with reading, at this moment. */
  get failure(): DiskFailure | undefined {
    return this.#isBroken ? broken : undefined;
  }

  /** Takes up the room of a write, or says why it cannot be. */
  write(bytes: number): DiskFailure | undefined {
    if (this.#isBroken) return broken;
    if (bytes > this.#roomBytes) return full;
    this.#roomBytes -= bytes;
    return undefined;
  }
}

const full: DiskFailure = { code: 'disk-full', message: 'ENOSPC: no space left on device' };
const broken: DiskFailure = { code: 'io', message: 'EIO: i/o error' };
