/** The copies of one content's pieces among the peers that are up, with the rarest always at hand. */

export class Copies {
  readonly #counts: Uint32Array;
  /** How many pieces have so many copies. */
  readonly #piecesWith: number[] = [];
  readonly #held = new Map<string, Uint8Array>();
  /** Pieces that somebody else than a first seed has had whole. */
  readonly #out: Uint8Array;
  readonly #firstSeeds: ReadonlySet<string>;
  #inside: number;
  #rarest = 0;
  #total = 0;
  #isChanged = false;
  /** When the last piece came out of the first seeds; undefined until then. */
  allOutMs: number | undefined;

  constructor(pieceCount: number, firstSeeds: ReadonlySet<string>) {
    this.#counts = new Uint32Array(pieceCount);
    this.#out = new Uint8Array(pieceCount);
    this.#piecesWith[0] = pieceCount;
    this.#inside = pieceCount;
    this.#firstSeeds = firstSeeds;
  }

  /** A peer comes up with these pieces; what was known of it is forgotten. */
  open(peer: string, pieces: readonly number[], atMs: number): void {
    this.gone(peer);
    this.#held.set(peer, new Uint8Array(this.#counts.length));
    this.#isChanged = true;
    for (const piece of pieces) this.add(peer, piece, atMs);
  }

  add(peer: string, piece: number, atMs: number): void {
    const held = this.#held.get(peer);
    if (held === undefined || piece >= held.length || held[piece] === 1) return;
    held[piece] = 1;
    this.#move(piece, 1);
    if (this.#out[piece] === 1 || this.#firstSeeds.has(peer)) return;
    this.#out[piece] = 1;
    this.#inside -= 1;
    if (this.#inside === 0) this.allOutMs = atMs;
  }

  gone(peer: string): void {
    const held = this.#held.get(peer);
    if (held === undefined) return;
    this.#held.delete(peer);
    this.#isChanged = true;
    for (let piece = 0; piece < held.length; piece += 1)
      if (held[piece] === 1) this.#move(piece, -1);
  }

  get state(): {
    readonly rarestCount: number;
    readonly rarestPieces: number;
    readonly meanCount: number;
    readonly peers: number;
  } {
    const pieces = this.#counts.length;
    return {
      rarestCount: this.#rarest,
      rarestPieces: this.#piecesWith[this.#rarest] ?? 0,
      meanCount: pieces === 0 ? 0 : this.#total / pieces,
      peers: this.#held.size,
    };
  }

  /** Whether anything changed since this was last asked. */
  takeChanged(): boolean {
    const isChanged = this.#isChanged;
    this.#isChanged = false;
    return isChanged;
  }

  #move(piece: number, by: 1 | -1): void {
    const before = this.#counts[piece] ?? 0;
    const now = before + by;
    this.#counts[piece] = now;
    this.#total += by;
    this.#isChanged = true;
    this.#piecesWith[before] = (this.#piecesWith[before] ?? 0) - 1;
    this.#piecesWith[now] = (this.#piecesWith[now] ?? 0) + 1;
    if (now < this.#rarest) this.#rarest = now;
    // One step is enough: the piece that was rarest has just one copy more.
    else if (before === this.#rarest && this.#piecesWith[before] === 0) this.#rarest = now;
  }
}
