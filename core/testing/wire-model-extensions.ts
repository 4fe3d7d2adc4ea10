/** What a peer says of itself in extended messages, read field by field (BEP 10, 9, 21): part of the wire's model. */
import type { BencodeValue } from '../bencode/value.ts';
import type { ExtensionHandshake } from '../wire/extension.ts';
import { BencodeError } from '../bencode/error.ts';
import { inspectBencode } from '../bencode/decode.ts';

type Dict = ReadonlyMap<string, BencodeValue>;

const longestHandshake = 16_384;
const mostNames = 64;
const longestName = 64;
const longestVersion = 128;
const largestMetadata = 4 * 1_024 * 1_024;

/** Undefined: nobody can read that. */
export function readExtensionHandshake(payload: Uint8Array): ExtensionHandshake | undefined {
  const dict = payload.length > longestHandshake ? undefined : dictOf(payload);
  if (dict === undefined) return undefined;
  const [version, port, reqq, size, uploadOnly] = [
    'v',
    'p',
    'reqq',
    'metadata_size',
    'upload_only',
  ].map((key) => dict.get(key));
  const text =
    version instanceof Uint8Array && version.length <= longestVersion ? textOf(version) : undefined;
  return {
    ids: new Map(namesIn(dict.get('m')).slice(0, mostNames)),
    ...(text !== undefined && { version: text }),
    ...(isWithin(port, 1, 65_535) && { listenPort: port }),
    ...(typeof reqq === 'number' && { reqq: reqq < 1 ? 1 : reqq > 10_000 ? 10_000 : reqq }),
    ...(isWithin(size, 1, largestMetadata) && { metadataSize: size }),
    ...(typeof uploadOnly === 'number' && { uploadOnly: uploadOnly !== 0 }),
  };
}

/** The names a peer goes by in our tests hold no surprises: a text is as long as its bytes. */
export function writeExtensionHandshake(hello: ExtensionHandshake): Uint8Array {
  const { ids, listenPort, reqq, version = '' } = hello;
  const names = [...ids].sort(([a], [b]) => (a < b ? -1 : 1));
  const m = names.map(([name, id]) => `${name.length}:${name}i${id}e`).join('');
  const text = `d1:md${m}e1:pi${listenPort}e4:reqqi${reqq}e1:v${version.length}:${version}e`;
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

/** All that was said, when more is said: 0 takes a name back, and there is room for so many. */
export function learn(
  known: ExtensionHandshake | undefined,
  more: ExtensionHandshake,
): ExtensionHandshake {
  const ids = new Map(known?.ids ?? []);
  for (const [name, id] of more.ids) {
    if (id === 0) ids.delete(name);
    if (id !== 0 && (ids.has(name) || ids.size < mostNames)) ids.set(name, id);
  }
  return { ...known, ...more, ids };
}

const namesIn = (m: BencodeValue | undefined): [string, number][] =>
  m instanceof Map
    ? [...(m as Dict)].filter(
        (entry): entry is [string, number] =>
          isWithin(entry[1], 0, 255) && entry[0].length <= longestName,
      )
    : [];

function dictOf(payload: Uint8Array): Dict | undefined {
  try {
    const { value } = inspectBencode(payload, { mode: 'lenient' });
    return value instanceof Map ? (value as Dict) : undefined;
  } catch (error) {
    if (error instanceof BencodeError) return undefined;
    throw error;
  }
}

function textOf(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

const isWithin = (value: BencodeValue | undefined, least: number, most: number): value is number =>
  typeof value === 'number' && value >= least && value <= most;
