/** What bencoding can say (BEP 3, "bencoding"). */

/** Integers within 2^53 - 1 are numbers, the others bigints; strings are bytes. */
export type BencodeValue = number | bigint | Uint8Array | readonly BencodeValue[] | BencodeDict;

/** Keys are strings of one character a byte (latin1), so that any bytes survive and `__proto__` is a key like others. */
export type BencodeDict = ReadonlyMap<string, BencodeValue>;

/** What may be encoded: besides what decoding gives, text (as UTF-8) and plain objects with text keys. */
export type BencodeInput =
  | BencodeValue
  | string
  | readonly BencodeInput[]
  | ReadonlyMap<string, BencodeInput>
  | BencodeRecord;

/** A dictionary as one writes it down. A key with the value undefined is left out. */
export type BencodeRecord = { readonly [key: string]: BencodeInput | undefined };
