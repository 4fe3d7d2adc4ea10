/** What a program is told to do with a file, alone. */
export type HashingOrder = {
  readonly job: 'create' | 'recheck';
  /** The file. */
  readonly path: string;
  /** The directory it is in. */
  readonly dir: string;
  /** What it is checked against, or the torrent that is to be written. */
  readonly torrentPath: string;
  readonly pieceLength: number;
  /** A directory of its own for whatever else it writes. */
  readonly home: string;
};
