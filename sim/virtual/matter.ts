/** What pieces and blocks are made of: the content's bytes, or a word on whether they are honest. */
import type { PieceIndex } from '../../core/torrent/ids.ts';
import type { BlockRef } from '../../core/torrent/pieces.ts';
import type { VirtualContent } from './content.ts';

/** A piece on a disk: proved to be the source's, or kept as it came. */
export type PieceData = 'source' | Uint8Array;

/** A stretch of a torrent, in bytes. */
export type Stretch = { readonly offset: number; readonly length: number };

export interface Matter {
  /** How peers speak when this is what they speak of. */
  readonly form: 'bytes' | 'values';
  /** A piece of which nothing has come yet. */
  begin(content: VirtualContent, piece: PieceIndex): PieceInMemory;
  block(content: VirtualContent, data: PieceData, ref: BlockRef): Uint8Array;
  /** As a peer that lies sends it; the block itself stays as it is. */
  spoil(block: Uint8Array): Uint8Array;
  isIntact(content: VirtualContent, piece: PieceIndex, data: PieceData): boolean;
  /** SHA-256 of a file that is not all the source's, in hex. */
  digest(content: VirtualContent, data: (piece: PieceIndex) => PieceData, stretch: Stretch): string;
}

/** A piece that is arriving, block by block. */
export interface PieceInMemory {
  store(begin: number, block: Uint8Array): void;
  /** Whether all of it is what the torrent says. */
  verify(): boolean;
  /** One for each block, equal for equal blocks. */
  digests(): readonly string[];
  /** What a disk keeps of it. */
  data(): PieceData;
  /** Its memory may be used again. */
  release(): void;
}
