/** What may be believed of a torrent on disk, said without a thought for how it is kept: the oracle of Storage. */
import type { SampleTorrent } from './sample-torrent.ts';
import type { MemoryDisk } from './memory-disk.ts';

export class StorageModel {
  readonly torrent: SampleTorrent;
  readonly root: string;
  /** What a checkpoint or close has promised, and how long the log was then. */
  promises: readonly { readonly at: number; readonly pieces: readonly number[] }[] = [];
  /** What is had while the storage is open. */
  have: Set<number> = new Set();
  /** Pieces of which a bit has changed without a trace: a state that is trusted cannot know. */
  rotten: Set<number> = new Set();
  /** Something failed since the last check: then a write may be refused, until there is another. */
  isInDoubt = false;
  /** Somebody else has changed files since the last start. */
  isDamaged = false;

  constructor(torrent: SampleTorrent, root: string) {
    this.torrent = torrent;
    this.root = root;
  }

  get count(): number {
    return this.torrent.pieces.count;
  }

  /** The pieces that are on disk as they should be, looked at byte by byte. */
  rightOn(disk: MemoryDisk): Set<number> {
    const whole = new Uint8Array(this.torrent.metainfo.length);
    const isThere = new Uint8Array(whole.length);
    for (const { length, offset, path } of this.torrent.metainfo.files) {
      const final = [this.root, ...path].join('/');
      const content = disk.contentOf(final) ?? disk.contentOf(`${final}.part`) ?? new Uint8Array();
      const bytes = content.subarray(0, length);
      whole.set(bytes, offset);
      isThere.fill(1, offset, offset + bytes.length);
    }
    const all = Array.from({ length: this.count }, (_, piece) => piece);
    return new Set(
      all.filter((piece) => {
        const right = this.torrent.bytesOf(piece);
        const { begin, end } = this.#spanOf(piece);
        return (
          Buffer.compare(whole.subarray(begin, end), right) === 0 &&
          isThere.subarray(begin, end).every((there) => there === 1)
        );
      }),
    );
  }

  /** Final names whose content is not the file's. */
  wrongFinals(disk: MemoryDisk): readonly string[] {
    return this.torrent.metainfo.files.flatMap(({ path }, file) => {
      const final = [this.root, ...path].join('/');
      const content = disk.contentOf(final);
      const isRight =
        content === undefined || Buffer.compare(content, this.torrent.contentOf(file)) === 0;
      return isRight ? [] : [final];
    });
  }

  /** What must still be had after a crash that took all but the first `length` entries of the log. */
  promised(length: number): Set<number> {
    return new Set(this.promises.filter(({ at }) => at <= length).flatMap(({ pieces }) => pieces));
  }

  #spanOf(piece: number): { readonly begin: number; readonly end: number } {
    const begin = piece * this.torrent.metainfo.pieceLength;
    return {
      begin,
      end: Math.min(this.torrent.metainfo.length, begin + this.torrent.metainfo.pieceLength),
    };
  }
}
