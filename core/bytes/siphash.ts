/** SipHash-2-4 (Aumasson and Bernstein, 2012): a keyed hash of 64 bits that nobody can guess without the key. */

/** Bytes of the key. */
export const sipKeyBytes = 16;

const compressions = 2;
const finalizations = 4;
/** "somepseudorandomlygeneratedbytes", as words of 32 bits, the high half of each word of 64 first. */
const initial = Uint32Array.of(
  ...[0x736f_6d65, 0x7073_6575, 0x646f_7261, 0x6e64_6f6d],
  ...[0x6c79_6765, 0x6e65_7261, 0x7465_6462, 0x7974_6573],
);

/** Words of 64 bits are two of 32, since numbers hold 53 bits and a BigInt costs an allocation. */
export class SipHash {
  /** The halves of the last digest. */
  high = 0;
  low = 0;
  readonly #start: Uint32Array;
  readonly #state = new Uint32Array(8);

  /** `key` has 16 bytes; anything else is the caller's bug. */
  constructor(key: Uint8Array) {
    if (key.length !== sipKeyBytes) throw new RangeError(`a key of ${key.length} bytes`);
    this.#start = initial.map((word, i) => (word ^ littleEndian(key, ((i & 3) * 4) ^ 4)) >>> 0);
  }

  /** Hashes the bytes into `high` and `low`. */
  digest(bytes: Uint8Array): void {
    const state = this.#state;
    state.set(this.#start);
    const whole = bytes.length & ~7;
    for (let at = 0; at < whole; at += 8)
      absorb(state, littleEndian(bytes, at + 4), littleEndian(bytes, at));
    const last = littleEndian(bytes, whole + 4) | (bytes.length << 24);
    absorb(state, last >>> 0, littleEndian(bytes, whole));
    state[5] = (state[5] ?? 0) ^ 0xff;
    for (let i = 0; i < finalizations; i += 1) round(state);
    this.high = xorOf(state, 0);
    this.low = xorOf(state, 1);
  }
}

/** What is beyond the end counts as 0. */
const littleEndian = (bytes: Uint8Array, at: number): number =>
  ((bytes[at] ?? 0) |
    ((bytes[at + 1] ?? 0) << 8) |
    ((bytes[at + 2] ?? 0) << 16) |
    ((bytes[at + 3] ?? 0) << 24)) >>>
  0;

function absorb(v: Uint32Array, high: number, low: number): void {
  v[6] = (v[6] ?? 0) ^ high;
  v[7] = (v[7] ?? 0) ^ low;
  for (let i = 0; i < compressions; i += 1) round(v);
  v[0] = (v[0] ?? 0) ^ high;
  v[1] = (v[1] ?? 0) ^ low;
}

function round(v: Uint32Array): void {
  mix(v, 0, 2, 13);
  swapHalves(v, 0);
  mix(v, 4, 6, 16);
  mix(v, 0, 6, 21);
  mix(v, 4, 2, 17);
  swapHalves(v, 4);
}

/** a += b; b = (b <<< bits) ^ a, where `a` and `b` say where the high halves are. */
function mix(v: Uint32Array, a: number, b: number, bits: number): void {
  const bHigh = v[b] ?? 0;
  const bLow = v[b + 1] ?? 0;
  const low = (v[a + 1] ?? 0) + bLow;
  const carry = low > 0xffff_ffff ? 1 : 0;
  v[a] = (v[a] ?? 0) + bHigh + carry;
  v[a + 1] = low;
  v[b] = ((bHigh << bits) | (bLow >>> (32 - bits))) ^ (v[a] ?? 0);
  v[b + 1] = ((bLow << bits) | (bHigh >>> (32 - bits))) ^ (v[a + 1] ?? 0);
}

function swapHalves(v: Uint32Array, at: number): void {
  const high = v[at] ?? 0;
  v[at] = v[at + 1] ?? 0;
  v[at + 1] = high;
}

const xorOf = (v: Uint32Array, half: number): number =>
  ((v[half] ?? 0) ^ (v[2 + half] ?? 0) ^ (v[4 + half] ?? 0) ^ (v[6 + half] ?? 0)) >>> 0;
