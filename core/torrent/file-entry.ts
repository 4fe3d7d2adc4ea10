/** A file of a torrent (BEP 3 "info dictionary", BEP 47). */

/** One file of a torrent. */
export type FileEntry = {
  /** Fit for any file system: [name] of a single file, else [name, ...components]. */
  readonly path: readonly string[];
  /** In bytes; may be 0. */
  readonly length: number;
  /** Where it begins in the torrent, in bytes. */
  readonly offset: number;
  /** Only fills up to the next piece; zeros, never written (BEP 47). */
  readonly isPad?: boolean;
};
