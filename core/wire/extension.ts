/** The handshake of the extension protocol (BEP 10; `metadata_size` of BEP 9, `upload_only` of BEP 21). */
import type { BencodeValue } from '../bencode/value.ts';
import { BencodeError } from '../bencode/error.ts';
import { inspectBencode } from '../bencode/decode.ts';
import { encodeBencode } from '../bencode/encode.ts';
import { decodeUtf8 } from '../bytes/utf8.ts';
import { WireError } from './error.ts';

/** What a peer says of itself beyond the handshake. Fields that were absent or made no sense are left out. */
export type ExtensionHandshake = {
  /** `m`: the ids under which this side wants to hear each extension; 0 takes an earlier one back. */
  readonly ids: ReadonlyMap<string, number>;
  /** `v` */
  readonly version?: string;
  /** `p`: where it listens. */
  readonly listenPort?: number;
  /** Requests it keeps waiting at most. */
  readonly reqq?: number;
  /** Bytes of the info dictionary (BEP 9). */
  readonly metadataSize?: number;
  /** It wants no pieces (BEP 21). */
  readonly uploadOnly?: boolean;
};

/** The extended id of the handshake itself. */
export const extensionHandshakeId = 0;

/** No honest handshake is longer: a few dozen names. */
export const maxExtensionHandshakeBytes = 16_384;
/** Extensions a peer may name; clients in use know about ten. */
export const maxExtensions = 64;
/** Names of extensions in use have about a dozen characters. */
const maxNameBytes = 64;
/** What is longer is no name of a client, but something to fill our reports with. */
const maxVersionBytes = 128;
/** As large as an info dictionary may be that anybody would fetch: 4 MiB, as other clients decided. */
const maxMetadataBytes = 4 * 2 ** 20;
/** A peer that asks for nothing to be queued would starve itself. */
const minReqq = 1;
/** Beyond every ceiling of ours; keeps sums small. */
const maxReqq = 10_000;

export function encodeExtensionHandshake(hello: ExtensionHandshake): Uint8Array {
  return encodeBencode({
    m: hello.ids,
    v: hello.version,
    p: hello.listenPort,
    reqq: hello.reqq,
    metadata_size: hello.metadataSize,
    upload_only: hello.uploadOnly === undefined ? undefined : Number(hello.uploadOnly),
  });
}

/** Lenient in what a field may hold, strict about size. Throws WireError `bad-extension-handshake`. */
export function decodeExtensionHandshake(payload: Uint8Array): ExtensionHandshake {
  const dict = dictOf(payload);
  const version = textOf(dict.get('v'));
  const listenPort = numberIn(dict.get('p'), 1, 65_535);
  const reqq = dict.get('reqq');
  const metadataSize = numberIn(dict.get('metadata_size'), 1, maxMetadataBytes);
  const uploadOnly = dict.get('upload_only');
  return {
    ids: idsOf(dict.get('m')),
    ...(version !== undefined && { version }),
    ...(listenPort !== undefined && { listenPort }),
    ...(typeof reqq === 'number' && { reqq: Math.min(maxReqq, Math.max(minReqq, reqq)) }),
    ...(metadataSize !== undefined && { metadataSize }),
    ...(typeof uploadOnly === 'number' && { uploadOnly: uploadOnly !== 0 }),
  };
}

/** What a peer has said in all, when it says more: a later handshake changes what it names and leaves the rest. */
export function mergeExtensionHandshakes(
  earlier: ExtensionHandshake | undefined,
  later: ExtensionHandshake,
): ExtensionHandshake {
  const ids = new Map(earlier?.ids);
  for (const [name, extendedId] of later.ids) {
    if (extendedId === 0) ids.delete(name);
    else if (ids.size < maxExtensions || ids.has(name)) ids.set(name, extendedId);
  }
  return { ...earlier, ...later, ids };
}

function dictOf(payload: Uint8Array): ReadonlyMap<string, BencodeValue> {
  if (payload.length > maxExtensionHandshakeBytes)
    throw new WireError('bad-extension-handshake', `${payload.length} bytes`);
  try {
    // Some clients put further bytes behind the dictionary, and not all of them sort their keys.
    const { value } = inspectBencode(payload, { mode: 'lenient' });
    if (value instanceof Map) return value;
  } catch (error) {
    if (!(error instanceof BencodeError)) throw error;
    throw new WireError('bad-extension-handshake', error.message);
  }
  throw new WireError('bad-extension-handshake', 'not a dictionary');
}

function idsOf(m: BencodeValue | undefined): ReadonlyMap<string, number> {
  const ids = new Map<string, number>();
  if (!(m instanceof Map)) return ids;
  for (const [name, value] of m as ReadonlyMap<string, BencodeValue>) {
    const extendedId = numberIn(value, 0, 255);
    if (extendedId === undefined || name.length > maxNameBytes) continue;
    if (ids.size < maxExtensions) ids.set(name, extendedId);
  }
  return ids;
}

const numberIn = (
  value: BencodeValue | undefined,
  least: number,
  most: number,
): number | undefined =>
  typeof value === 'number' && value >= least && value <= most ? value : undefined;

const textOf = (value: BencodeValue | undefined): string | undefined =>
  value instanceof Uint8Array && value.length <= maxVersionBytes ? decodeUtf8(value) : undefined;
