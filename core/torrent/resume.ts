/** What a peer writes down about a torrent, so that it need not hash everything again when it comes back. */
import { decodeBencode } from '../bencode/decode.ts';
import { encodeBencode } from '../bencode/encode.ts';
import type { BencodeDict, BencodeValue } from '../bencode/value.ts';
import { fromHex, sameBytes, toHex } from '../bytes/hex.ts';
import { Bitfield } from './bitfield.ts';
import { InfoHash, type Sha1 } from './ids.ts';

/** How a file looked when the state was written. */
export type ResumeFile = {
  readonly length: number;
  /** Whole milliseconds since 1970. */
  readonly mtimeMs: number;
};

export type ResumeState = {
  readonly infoHash: InfoHash;
  readonly pieceLength: number;
  /** The pieces that were verified and written. */
  readonly have: Bitfield;
  /** One for each file of the torrent, in order. */
  readonly files: readonly ResumeFile[];
  /** Whether the peer had stopped in good order; if not, the files may lack what `have` says. */
  readonly clean: boolean;
};

/** Raised with every change of the layout: an older or newer state is not read. */
const version = 1;

/** The state as bytes, with a checksum over all of it. */
export function encodeResume(state: ResumeState, sha1: Sha1): Uint8Array {
  const body = encodeBencode({
    clean: state.clean ? 1 : 0,
    files: state.files.map(({ length, mtimeMs }) => [length, mtimeMs]),
    have: state.have.toBytes(),
    'info hash': fromHex(state.infoHash),
    'piece length': state.pieceLength,
    pieces: state.have.count,
  });
  return encodeBencode({ body, sha1: sha1(body), version });
}

/** What encodeResume wrote; undefined when the bytes are torn, of another version or not ours at all. Never throws. */
export function decodeResume(bytes: Uint8Array, sha1: Sha1): ResumeState | undefined {
  const outer = dictOf(bytes);
  const body = outer?.get('body');
  const checksum = outer?.get('sha1');
  if (outer?.get('version') !== version) return undefined;
  if (!(body instanceof Uint8Array) || !(checksum instanceof Uint8Array)) return undefined;
  const inner = sameBytes(sha1(body), checksum) ? dictOf(body) : undefined;
  return inner && stateOf(inner);
}

function dictOf(bytes: Uint8Array): BencodeDict | undefined {
  try {
    const value = decodeBencode(bytes);
    return value instanceof Map ? value : undefined;
  } catch {
    return undefined;
  }
}

function stateOf(body: BencodeDict): ResumeState | undefined {
  const infoHash = body.get('info hash');
  const pieceLength = body.get('piece length');
  const have = haveOf(body.get('have'), body.get('pieces'));
  const files = filesOf(body.get('files'));
  if (!(infoHash instanceof Uint8Array) || infoHash.length !== 20) return undefined;
  if (!isCount(pieceLength) || have === undefined || files === undefined) return undefined;
  const clean = body.get('clean') === 1;
  return { infoHash: InfoHash(toHex(infoHash)), pieceLength, have, files, clean };
}

function haveOf(
  bits: BencodeValue | undefined,
  count: BencodeValue | undefined,
): Bitfield | undefined {
  if (!(bits instanceof Uint8Array) || !isCount(count)) return undefined;
  return Bitfield.fromBytes(bits, count);
}

function filesOf(list: BencodeValue | undefined): ResumeFile[] | undefined {
  if (!Array.isArray(list)) return undefined;
  const files: ResumeFile[] = [];
  for (const entry of list as readonly BencodeValue[]) {
    const [length, mtimeMs] = Array.isArray(entry) ? (entry as readonly BencodeValue[]) : [];
    if (!isCount(length) || typeof mtimeMs !== 'number') return undefined;
    files.push({ length, mtimeMs });
  }
  return files;
}

const isCount = (value: BencodeValue | undefined): value is number =>
  typeof value === 'number' && value >= 0;
