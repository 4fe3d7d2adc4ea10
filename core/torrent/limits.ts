/** How large a torrent may be. Beyond these a .torrent file is refused. */

export type MetainfoLimits = {
  /** Bytes of the .torrent file. */
  readonly maxBytes: number;
  readonly maxPieces: number;
  readonly maxPieceBytes: number;
  readonly maxFiles: number;
  /** Components of one path, the torrent's name not counted. */
  readonly maxPathDepth: number;
  /** Components of all paths together. */
  readonly maxPathComponents: number;
  /** One path in UTF-8, separators included. */
  readonly maxPathBytes: number;
  /** One name, comment or the like, in bytes. */
  readonly maxTextBytes: number;
  /** Trackers, web seeds and HTTP seeds that are looked at, of each kind; the rest is left out with a warning. */
  readonly maxUrls: number;
};

export const defaultLimits: MetainfoLimits = {
  // 40 MiB of piece hashes and 24 MiB for the rest.
  maxBytes: 64 * 2 ** 20,
  // libtorrent's: a bitfield is then 256 KiB, still one frame.
  maxPieces: 2 ** 21,
  // The largest that tools create; a piece is held in memory until it is verified.
  maxPieceBytes: 128 * 2 ** 20,
  maxFiles: 100_000,
  // libtorrent's; file systems allow more, walking them is slow.
  maxPathDepth: 100,
  // A hundred thousand files five deep; each costs about 250 bytes while collisions are looked for.
  maxPathComponents: 2 ** 19,
  // Linux takes 4,096 bytes in all; the rest is for the directory the user chose.
  maxPathBytes: 3_072,
  // Descriptions of a few pages occur; names beyond 255 bytes are shortened.
  maxTextBytes: 65_536,
  // Real lists have up to about 50; each costs an announce.
  maxUrls: 100,
};
