/** Changes to inputs, some of which a decoder will find interesting. */
import { type Random, randomBelow, randomBytes } from '../../../core/random.ts';

/** Longer inputs find nothing that these do not, and cost time. */
export const maxInputBytes = 4_095;

/** What numbers break on. */
const numbers: readonly string[] = [
  ...['0', '1', '-1', '2', '7', '20', '40', '127', '128', '255', '256', '1000', '65535', '65536'],
  ...[
    '2147483647',
    '2147483648',
    '4294967295',
    '4294967296',
    '9007199254740991',
    '9007199254740992',
  ],
  ...['18446744073709551616', '-9007199254740992', '00', '1e9', '99999999999999999999999'],
];

const words: readonly number[] = [
  0,
  1,
  4,
  5,
  9,
  13,
  16_384,
  131_072,
  131_073,
  2 ** 18,
  262_145,
  262_146,
  2 ** 31,
  2 ** 32 - 1,
];

export type Mutation = {
  readonly random: Random;
  readonly tokens: readonly string[];
  /** What else there is, to be crossed with. */
  readonly others: readonly Uint8Array[];
};

type Change = (bytes: Uint8Array, mutation: Mutation) => Uint8Array;

const changes: readonly Change[] = [
  flipBit,
  setByte,
  remove,
  repeat,
  insertToken,
  insertToken,
  overwriteToken,
  insertNoise,
  splice,
  replaceNumber,
  replaceNumber,
  replaceWord,
  resizeString,
  swapParts,
];

/** Mostly a few changes, sometimes many; never longer than `maxInputBytes`. */
export function mutated(bytes: Uint8Array, mutation: Mutation): Uint8Array {
  const { random } = mutation;
  let next = bytes;
  const count = 1 + Math.floor(-2 * Math.log(1 - random()));
  for (let i = 0; i < count; i += 1) {
    const change = changes[randomBelow(random, changes.length)] ?? flipBit;
    next = change(next, mutation).subarray(0, maxInputBytes);
  }
  return Uint8Array.from(next);
}

function flipBit(bytes: Uint8Array, { random }: Mutation): Uint8Array {
  const copy = bytes.slice();
  const at = randomBelow(random, copy.length);
  if (at < copy.length) copy[at] = (copy[at] ?? 0) ^ (1 << randomBelow(random, 8));
  return copy;
}

function setByte(bytes: Uint8Array, { random }: Mutation): Uint8Array {
  const copy = bytes.slice();
  if (copy.length > 0) copy[randomBelow(random, copy.length)] = randomBelow(random, 256);
  return copy;
}

function remove(bytes: Uint8Array, { random }: Mutation): Uint8Array {
  const { begin, end } = rangeIn(bytes, random);
  return replaced(bytes, begin, end, []);
}

function repeat(bytes: Uint8Array, { random }: Mutation): Uint8Array {
  const { begin, end } = rangeIn(bytes, random);
  return replaced(bytes, end, end, bytes.subarray(begin, end));
}

function swapParts(bytes: Uint8Array, { random }: Mutation): Uint8Array {
  const { begin, end } = rangeIn(bytes, random);
  const to = randomBelow(random, bytes.length + 1);
  const part = bytes.slice(begin, end);
  return replaced(replaced(bytes, begin, end, []), to, to, part);
}

function insertToken(bytes: Uint8Array, { random, tokens }: Mutation): Uint8Array {
  const at = randomBelow(random, bytes.length + 1);
  return replaced(bytes, at, at, tokenOf(random, tokens));
}

function overwriteToken(bytes: Uint8Array, { random, tokens }: Mutation): Uint8Array {
  const at = randomBelow(random, bytes.length + 1);
  const token = tokenOf(random, tokens);
  return replaced(bytes, at, at + token.length, token);
}

function insertNoise(bytes: Uint8Array, { random }: Mutation): Uint8Array {
  const at = randomBelow(random, bytes.length + 1);
  return replaced(bytes, at, at, randomBytes(random, 1 + randomBelow(random, 8)));
}

function splice(bytes: Uint8Array, { others, random }: Mutation): Uint8Array {
  const other = others[randomBelow(random, others.length)] ?? bytes;
  const { begin, end } = rangeIn(other, random);
  const at = randomBelow(random, bytes.length + 1);
  const until = random() < 0.5 ? at : at + end - begin;
  return replaced(bytes, at, until, other.subarray(begin, end));
}

/** Another decimal number in the place of one that is there. */
function replaceNumber(bytes: Uint8Array, { random }: Mutation): Uint8Array {
  const found = [...latin1(bytes).matchAll(/-?\d+/g)];
  const match = found[randomBelow(random, found.length)];
  if (match === undefined) return bytes;
  const other = numbers[randomBelow(random, numbers.length)] ?? '0';
  const near = String(Number(match[0]) + randomBelow(random, 3) - 1);
  const text = random() < 0.5 ? other : near;
  return replaced(bytes, match.index, match.index + match[0].length, fromText(text));
}

/** Another number of four bytes, as the wire writes them. */
function replaceWord(bytes: Uint8Array, { random }: Mutation): Uint8Array {
  const at = randomBelow(random, bytes.length + 1);
  const word = new Uint8Array(4);
  new DataView(word.buffer).setUint32(0, words[randomBelow(random, words.length)] ?? 0);
  return replaced(bytes, at, at + (random() < 0.8 ? 4 : 0), word);
}

/** A bencoded string with other content, and the length that this has. */
function resizeString(bytes: Uint8Array, { random, tokens }: Mutation): Uint8Array {
  const found = [...latin1(bytes).matchAll(/(\d{1,4}):/g)];
  const match = found[randomBelow(random, found.length)];
  if (match === undefined) return bytes;
  const begin = match.index + match[0].length;
  const end = Math.min(bytes.length, begin + Number(match[1]));
  const noise = randomBytes(random, randomBelow(random, 2) * randomBelow(random, 300));
  const content = random() < 0.5 ? tokenOf(random, tokens) : noise;
  const text = fromText(`${content.length}:`);
  return replaced(bytes, match.index, end, [...text, ...content]);
}

/** A stretch of the input, mostly a short one. */
function rangeIn(
  bytes: Uint8Array,
  random: Random,
): { readonly begin: number; readonly end: number } {
  const begin = randomBelow(random, bytes.length + 1);
  const most = random() < 0.8 ? 16 : bytes.length;
  return { begin, end: Math.min(bytes.length, begin + randomBelow(random, most + 1)) };
}

function replaced(
  bytes: Uint8Array,
  begin: number,
  end: number,
  part: ArrayLike<number>,
): Uint8Array {
  const rest = bytes.subarray(end);
  const all = new Uint8Array(begin + part.length + rest.length);
  all.set(bytes.subarray(0, begin));
  all.set(part, begin);
  all.set(rest, begin + part.length);
  return all;
}

const tokenOf = (random: Random, tokens: readonly string[]): Uint8Array =>
  fromText(tokens[randomBelow(random, tokens.length)] ?? '');

const latin1 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1');
const fromText = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'latin1'));
