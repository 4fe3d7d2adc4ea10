/** What a world without a machine of its own borrows of the machine it runs on: pure functions, and files to read. */
import type { Sha1 } from '../core/torrent/ids.ts';
import type { Environment } from './world.ts';

export type Tools = {
  readonly sha1: Sha1;
  readonly sha256: () => Digest;
  /** `length` bytes, the same for the same seed, in parts of any size. */
  readonly seededBytes: (length: number, seed: string) => Iterable<Uint8Array>;
  /** A file of the repository's `input/`. Throws when it is not there. */
  readonly readInput: (path: string) => Uint8Array;
  /** Facts about the program and the machine, for the report. */
  readonly environment: Environment;
};

/** A hash that is fed in parts. */
export interface Digest {
  update(bytes: Uint8Array): void;
  hex(): string;
}
