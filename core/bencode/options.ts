/** How strict decoding is, and how much it takes. */

/** What decoding accepts. */
export type BencodeOptions = {
  /** Lenient reports a DeviationCode and goes on. Everything else is an error in both modes. */
  readonly mode: 'strict' | 'lenient';
  /** Lists and dictionaries open at once. */
  readonly maxDepth: number;
  readonly maxBytes: number;
  /** Values and keys. */
  readonly maxTokens: number;
  /** Digits of an integer. */
  readonly maxDigits: number;
  /** Whether bytes after the value are an error (lenient: a deviation), or the caller's business. */
  readonly trailing: 'refuse' | 'allow';
};

/** Strict, and large enough for every .torrent file there is. */
export const defaultOptions: BencodeOptions = {
  mode: 'strict',
  // libtorrent's depth; metainfo needs five, a BEP 52 file tree a level a directory.
  maxDepth: 100,
  // 2,097,152 piece hashes are 40 MiB; the rest is for the list of files.
  maxBytes: 64 * 2 ** 20,
  // A hundred thousand files with ten keys and path components each; a value takes about 100 bytes of memory.
  maxTokens: 2_000_000,
  // 64-bit integers, the longest in use, have 20. BigInt takes quadratic time in this.
  maxDigits: 64,
  trailing: 'refuse',
};
