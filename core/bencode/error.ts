/** What is wrong with a bencoded text, and where (BEP 3, "bencoding"). */

/** Deviations whose meaning is plain all the same: the lenient mode reports them and goes on. */
export type DeviationCode =
  'leading-zero' | 'negative-zero' | 'padded-length' | 'unsorted-keys' | 'trailing-data';

export type BencodeErrorCode =
  | DeviationCode
  | 'truncated'
  | 'unexpected-byte'
  | 'bad-integer'
  | 'integer-too-long'
  | 'bad-length'
  | 'key-not-string'
  | 'missing-value'
  | 'duplicate-key'
  | 'too-deep'
  | 'too-many-tokens'
  | 'too-many-bytes';

/** The errors in words. */
export const bencodeWords: Readonly<Record<BencodeErrorCode, string>> = {
  'leading-zero': 'an integer with a leading zero',
  'negative-zero': 'a negative zero',
  'padded-length': 'a string length with a leading zero',
  'unsorted-keys': 'a key that sorts before the one ahead of it',
  'trailing-data': 'data after the end of the value',
  truncated: 'the input ends in the middle of a value',
  'unexpected-byte': 'a byte that begins no value',
  'bad-integer': 'an integer that is not decimal digits',
  'integer-too-long': 'an integer with too many digits',
  'bad-length': 'a string length that is not decimal digits and a colon',
  'key-not-string': 'a dictionary key that is not a string',
  'missing-value': 'a dictionary key without a value',
  'duplicate-key': 'a key that its dictionary already has',
  'too-deep': 'lists and dictionaries nested too deep',
  'too-many-tokens': 'too many values',
  'too-many-bytes': 'too many bytes',
};

/** The one error that decoding throws. `offset` is where in the input the token at fault begins, in bytes. */
export class BencodeError extends Error {
  override readonly name = 'BencodeError';
  readonly code: BencodeErrorCode;
  readonly offset: number;

  constructor(code: BencodeErrorCode, offset: number) {
    super(`${bencodeWords[code]}, at byte ${offset}`);
    this.code = code;
    this.offset = offset;
  }
}
