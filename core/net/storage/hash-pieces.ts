/** SHA-1 of consecutive pieces from anything that can be read by position (BEP 3). */
import type { Hash } from 'node:crypto';
import { createHash } from 'node:crypto';
import { PieceIndex } from '../../torrent/ids.ts';
import type { Pieces } from '../../torrent/pieces.ts';
import { sha1 } from '../hash.ts';
import type { OnProgress } from './options.ts';

/** A stretch of the torrent, in bytes from its start; `end` is the first byte after it. */
export type Span = { readonly begin: number; readonly end: number };

/** Fills `into` with the torrent's bytes from `offset` on; returns what was not there to read, as zeros in `into`. */
export type ReadAt = (offset: number, into: Uint8Array) => Promise<readonly Span[]>;

export type HashPiecesOptions = {
  readonly pieces: Pieces;
  readonly read: ReadAt;
  /** Called for each piece in order; undefined when some of its bytes were not there. */
  readonly onPiece: (piece: PieceIndex, digest: Uint8Array | undefined) => void;
  readonly onProgress?: OnProgress | undefined;
  readonly signal?: AbortSignal | undefined;
};

/** Two buffers of this much are all the memory it takes; half of it reads no faster, less costs CPU per call. */
const runBytes = 2 ** 20;

/** Hashes every piece, reading the next run of bytes while it hashes the last. Rejects when `signal` aborts. */
export async function hashPieces(options: HashPiecesOptions): Promise<void> {
  const { pieces, onProgress, signal } = options;
  signal?.throwIfAborted();
  const hasher = new RunHasher(options);
  for await (const run of readAhead(options)) {
    signal?.throwIfAborted();
    hasher.take(run);
    onProgress?.(run.end, pieces.length);
  }
}

/** Yields runs in order; while one is being used, the next is being read. A run's bytes are valid until the next. */
async function* readAhead({ pieces, read }: HashPiecesOptions): AsyncGenerator<Run> {
  const buffers = [new Uint8Array(runBytes), new Uint8Array(runBytes)] as const;
  const spans = runsOf(pieces);
  const start = (turn: 0 | 1): Promise<Run> | undefined => {
    const span = spans.next();
    if (span.done === true) return undefined;
    const bytes = buffers[turn].subarray(0, span.value.end - span.value.begin);
    const reading = read(span.value.begin, bytes).then((gaps) => ({ ...span.value, bytes, gaps }));
    // Awaited below unless the reader stops early; then its failure matters to nobody.
    reading.catch(() => undefined);
    return reading;
  };
  let turn: 0 | 1 = 0;
  for (let reading = start(turn); reading !== undefined;) {
    const run: Run = await reading;
    turn = turn === 0 ? 1 : 0;
    reading = start(turn);
    yield run;
  }
}

type Run = Span & { readonly bytes: Uint8Array; readonly gaps: readonly Span[] };

/** As many whole pieces as fit a run, or a part of one larger piece: a run never ends inside a piece and goes on. */
function* runsOf(pieces: Pieces): Generator<Span> {
  const { length, pieceLength } = pieces;
  const whole = Math.floor(runBytes / pieceLength) * pieceLength;
  for (let begin = 0; begin < length;) {
    const pieceEnd = begin - (begin % pieceLength) + pieceLength;
    const end = Math.min(length, whole > 0 ? begin + whole : Math.min(pieceEnd, begin + runBytes));
    yield { begin, end };
    begin = end;
  }
}

class RunHasher {
  readonly #options: HashPiecesOptions;
  /** The hash of a piece larger than a run, and whether all of it was there so far. */
  #open: { readonly hash: Hash; isWhole: boolean } | undefined;

  constructor(options: HashPiecesOptions) {
    this.#options = options;
  }

  take(run: Run): void {
    const { pieces, onPiece } = this.#options;
    if (pieces.pieceLength > runBytes) return this.#takePart(run);
    for (let begin = run.begin; begin < run.end; begin += pieces.pieceLength) {
      const end = Math.min(run.end, begin + pieces.pieceLength);
      const isWhole = !run.gaps.some((gap) => gap.begin < end && gap.end > begin);
      const bytes = run.bytes.subarray(begin - run.begin, end - run.begin);
      onPiece(PieceIndex(begin / pieces.pieceLength), isWhole ? sha1(bytes) : undefined);
    }
  }

  #takePart(run: Run): void {
    const { pieces, onPiece } = this.#options;
    const open = (this.#open ??= { hash: createHash('sha1'), isWhole: true });
    open.isWhole &&= run.gaps.length === 0;
    if (open.isWhole) open.hash.update(run.bytes);
    const isLast = run.end % pieces.pieceLength === 0 || run.end === pieces.length;
    if (!isLast) return;
    this.#open = undefined;
    const piece = PieceIndex(Math.floor(run.begin / pieces.pieceLength));
    onPiece(piece, open.isWhole ? open.hash.digest() : undefined);
  }
}
