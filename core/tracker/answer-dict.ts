/** What the answers of trackers have in common (BEP 3, BEP 48): dictionaries from strangers. */
import type { BencodeDict } from '../bencode/value.ts';
import type { Duration } from '../time.ts';
import { decodeBencode } from '../bencode/decode.ts';
import { BencodeError } from '../bencode/error.ts';
import { decodeUtf8, latin1 } from '../bytes/utf8.ts';
import { printable } from '../torrent/printable.ts';
import { TrackerError } from './error.ts';

/** An answer nests three levels; the rest is for keys nobody knows. */
const maxDepth = 10;
/** A megabyte of dictionaries of peers has not half as many. */
const maxTokens = 200_000;

/** The dictionary that an answer is. Lenient: trackers have been written in a hurry. Throws TrackerError. */
export function decodeAnswerDict(bytes: Uint8Array): BencodeDict {
  try {
    const value = decodeBencode(bytes, { mode: 'lenient', maxDepth, maxTokens, trailing: 'allow' });
    if (value instanceof Map) return value as BencodeDict;
  } catch (error) {
    if (!(error instanceof BencodeError)) throw error;
    throw new TrackerError('bad-answer', `not a tracker's answer: ${error.message}`);
  }
  throw new TrackerError('bad-answer', "not a tracker's answer: not a dictionary");
}

/** A tracker's words for a terminal or a log. */
export const shownText = (bytes: Uint8Array): string =>
  printable(decodeUtf8(bytes) ?? latin1(bytes));

/** Whole seconds, as the wire has them: never 0, which would mean no wait at all. */
export const secondsOf = (wait: Duration): number => Math.max(1, Math.ceil(wait / 1_000));
