/** Real bytes and real hashes. A piece whose hash is right is kept as the source's own memory: a hundred peers need no hundred copies. */
import { sameBytes, toHex } from '../../core/bytes/hex.ts';
import { PieceIndex, type Sha1 } from '../../core/torrent/ids.ts';
import { hashOf } from '../../core/torrent/metainfo.ts';
import { type BlockRef, blockBytes } from '../../core/torrent/pieces.ts';
import type { VirtualContent } from './content.ts';
import type { Matter, PieceData, PieceInMemory, Stretch } from './matter.ts';
import type { Tools } from '../tools.ts';

/** Buffers kept for the next piece; more would only hold a burst's memory for ever. */
const mostIdle = 64;

export class ExactMatter implements Matter {
  readonly form = 'bytes';
  readonly #tools: Tools;
  readonly #idle: Uint8Array[] = [];

  constructor(tools: Tools) {
    this.#tools = tools;
  }

  begin(content: VirtualContent, piece: PieceIndex): PieceInMemory {
    const length = content.pieces.lengthOf(piece);
    const at = this.#idle.findIndex((buffer) => buffer.length >= length);
    const memory = at < 0 ? new Uint8Array(length) : (this.#idle.splice(at, 1)[0] as Uint8Array);
    const release = (): void => {
      if (this.#idle.length < mostIdle) this.#idle.push(memory);
    };
    return new ExactPiece(memory.subarray(0, length), {
      sha1: this.#tools.sha1,
      expected: hashOf(content.metainfo, piece),
      blocks: content.pieces.blockCount(piece),
      release,
    });
  }

  block(content: VirtualContent, data: PieceData, { piece, begin, length }: BlockRef): Uint8Array {
    if (data !== 'source') return data.subarray(begin, begin + length);
    const from = content.pieces.offsetOf(piece) + begin;
    return sourceOf(content).subarray(from, from + length);
  }

  spoil(block: Uint8Array): Uint8Array {
    const spoilt = block.slice();
    spoilt[0] = ~(spoilt[0] ?? 0) & 0xff;
    return spoilt;
  }

  isIntact(content: VirtualContent, piece: PieceIndex, data: PieceData): boolean {
    return data === 'source' || sameBytes(this.#tools.sha1(data), hashOf(content.metainfo, piece));
  }

  digest(
    content: VirtualContent,
    data: (piece: PieceIndex) => PieceData,
    { offset, length }: Stretch,
  ): string {
    const { pieces } = content;
    const digest = this.#tools.sha256();
    for (let at = offset; at < offset + length;) {
      const piece = PieceIndex(Math.floor(at / pieces.pieceLength));
      const begin = at - pieces.offsetOf(piece);
      const rest = Math.min(pieces.lengthOf(piece) - begin, offset + length - at);
      digest.update(this.block(content, data(piece), { piece, begin, length: rest }));
      at += rest;
    }
    return digest.hex();
  }
}

type ExactPieceOptions = {
  readonly sha1: Sha1;
  readonly expected: Uint8Array;
  readonly blocks: number;
  readonly release: () => void;
};

class ExactPiece implements PieceInMemory {
  readonly #bytes: Uint8Array;
  readonly #options: ExactPieceOptions;
  #isVerified = false;

  constructor(bytes: Uint8Array, options: ExactPieceOptions) {
    this.#bytes = bytes;
    this.#options = options;
  }

  store(begin: number, block: Uint8Array): void {
    this.#isVerified = false;
    this.#bytes.set(block, begin);
  }

  verify(): boolean {
    const { sha1, expected } = this.#options;
    this.#isVerified = sameBytes(sha1(this.#bytes), expected);
    return this.#isVerified;
  }

  digests(): readonly string[] {
    const { sha1, blocks } = this.#options;
    return Array.from({ length: blocks }, (_, block) =>
      toHex(sha1(this.#bytes.subarray(block * blockBytes, (block + 1) * blockBytes))),
    );
  }

  data(): PieceData {
    return this.#isVerified ? 'source' : this.#bytes.slice();
  }

  release(): void {
    this.#options.release();
  }
}

function sourceOf({ bytes }: VirtualContent): Uint8Array {
  if (bytes === undefined) throw new TypeError('the content was made without its bytes');
  return bytes;
}
