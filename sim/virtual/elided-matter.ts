/** A word for each block instead of its bytes: whether it is honest. A piece is right when all of its blocks are. */
import type { PieceIndex } from '../../core/torrent/ids.ts';
import { type BlockRef, blockBytes } from '../../core/torrent/pieces.ts';
import { honestBlock, isHonest, spoiltBlock } from './block.ts';
import type { VirtualContent } from './content.ts';
import type { Matter, PieceData, PieceInMemory, Stretch } from './matter.ts';

const missing = 0;
const honest = 1;
const spoilt = 2;

/** What stands for the SHA-256 of a file that is not the source's. */
const notTheSource = 'f'.repeat(64);

export class ElidedMatter implements Matter {
  readonly form = 'values';

  begin({ pieces }: VirtualContent, piece: PieceIndex): PieceInMemory {
    return new ElidedPiece(piece, pieces.blockCount(piece));
  }

  block(_content: VirtualContent, data: PieceData, { begin, length }: BlockRef): Uint8Array {
    if (data === 'source') return honestBlock(length);
    const last = Math.floor((begin + length - 1) / blockBytes);
    for (let block = Math.floor(begin / blockBytes); block <= last; block += 1)
      if (data[block] !== honest) return spoiltBlock(length);
    return honestBlock(length);
  }

  spoil(block: Uint8Array): Uint8Array {
    return isHonest(block) ? spoiltBlock(block.length) : honestBlock(block.length);
  }

  isIntact(_content: VirtualContent, _piece: PieceIndex, data: PieceData): boolean {
    return data === 'source' || data.every((state) => state === honest);
  }

  digest(
    content: VirtualContent,
    data: (piece: PieceIndex) => PieceData,
    { offset, length }: Stretch,
  ): string {
    const { pieceLength } = content.pieces;
    for (let at = offset; at < offset + length; at += blockBytes) {
      const piece = Math.floor(at / pieceLength) as PieceIndex;
      const begin = at - content.pieces.offsetOf(piece);
      const block = this.block(content, data(piece), { piece, begin, length: 1 });
      if (!isHonest(block)) return notTheSource;
    }
    const file = content.metainfo.files.findIndex(
      (entry) => entry.offset === offset && entry.length === length,
    );
    return content.facts.files[file]?.sha256 ?? notTheSource;
  }
}

class ElidedPiece implements PieceInMemory {
  readonly #piece: PieceIndex;
  readonly #states: Uint8Array;

  constructor(piece: PieceIndex, blockCount: number) {
    this.#piece = piece;
    this.#states = new Uint8Array(blockCount);
  }

  store(begin: number, block: Uint8Array): void {
    const last = Math.floor((begin + block.length - 1) / blockBytes);
    for (let index = Math.floor(begin / blockBytes); index <= last; index += 1)
      this.#states[index] = isHonest(block) ? honest : spoilt;
  }

  verify(): boolean {
    return this.#states.every((state) => state === honest);
  }

  digests(): readonly string[] {
    return Array.from(this.#states, (state, block) => `${this.#piece}/${block}/${wordOf(state)}`);
  }

  data(): PieceData {
    return this.verify() ? 'source' : this.#states;
  }

  release(): void {
    // There is no memory to give back.
  }
}

function wordOf(state: number): string {
  if (state === missing) return 'missing';
  return state === honest ? 'honest' : 'spoilt';
}
