/**
 * Blocks without their bytes. Each is a view of one of two shared stretches of memory: what it holds says whether it
 * is what it should be, so that corruption is still caught.
 */
import { blockBytes } from '../../core/torrent/pieces.ts';

/** What fills a block that is as in the source, and one that is not. */
const honestByte = 0;
const spoiltByte = 0xff;

/** As long as any block: the machines ask for no more at a time (BEP 3), and refuse to be asked for more. */
const longest = 8 * blockBytes;

const viewsOf = (byte: number): ((length: number) => Uint8Array) => {
  const memory = new Uint8Array(longest).fill(byte);
  const views = new Map<number, Uint8Array>();
  return (length) => {
    const known = views.get(length);
    if (known !== undefined) return known;
    if (length > longest) throw new RangeError(`a block of ${length} bytes`);
    const view = memory.subarray(0, length);
    views.set(length, view);
    return view;
  };
};

/** The same view for the same length, so that millions of blocks cost no memory. */
export const honestBlock: (length: number) => Uint8Array = viewsOf(honestByte);
export const spoiltBlock: (length: number) => Uint8Array = viewsOf(spoiltByte);

export const isHonest = (block: Uint8Array): boolean => (block[0] ?? honestByte) === honestByte;
