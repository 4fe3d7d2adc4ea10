/** The tracker's list of published torrents that have a seeder (a complement to BEP 3), and its JSON. */
import { type Endpoint, InfoHash, PeerId } from '../torrent/ids.ts';
import { TrackerError } from './error.ts';
import { canonicalIp } from './ip.ts';

/** A peer in the list. */
export type CataloguePeer = Endpoint & { readonly peerId: PeerId };

export type CatalogueEntry = {
  /** Counted from 0 and never reused. */
  readonly id: number;
  readonly name: string;
  /** Bytes of all files. */
  readonly length: number;
  /** Bytes of every piece but the last. */
  readonly pieceLength: number;
  /** How many pieces. */
  readonly pieces: number;
  readonly infoHash: InfoHash;
  /** When it was published, ISO 8601. */
  readonly addedAt: string;
  readonly seeders: readonly CataloguePeer[];
  readonly leechers: readonly CataloguePeer[];
};

/** What the tracker answers to a publication. */
export type Publication = {
  readonly id: number;
  readonly infoHash: InfoHash;
  readonly name: string;
};

/** Reads the JSON of `GET /torrents`. Throws TrackerError when it is anything else. */
export const decodeCatalogue = (json: string): readonly CatalogueEntry[] =>
  listOf(parsed(json), entryOf);

/** Reads the JSON of the answer to a publication. Throws TrackerError when it is anything else. */
export function decodePublication(json: string): Publication {
  const object = objectOf(parsed(json));
  const infoHash = branded(InfoHash, object['infoHash']);
  return { id: countOf(object['id']), infoHash, name: textOf(object['name']) };
}

/** What the JSON of a refusal says; undefined when it is anything else. */
export function decodeRefusal(json: string): string | undefined {
  try {
    return textOf(objectOf(objectOf(parsed(json))['error'])['message']);
  } catch (error) {
    if (error instanceof TrackerError) return undefined;
    throw error;
  }
}

function entryOf(value: unknown): CatalogueEntry {
  const object = objectOf(value);
  return {
    id: countOf(object['id']),
    name: textOf(object['name']),
    length: countOf(object['length']),
    pieceLength: countOf(object['pieceLength']),
    pieces: countOf(object['pieces']),
    infoHash: branded(InfoHash, object['infoHash']),
    addedAt: textOf(object['addedAt']),
    seeders: listOf(object['seeders'], peerOf),
    leechers: listOf(object['leechers'], peerOf),
  };
}

function peerOf(value: unknown): CataloguePeer {
  const object = objectOf(value);
  const ip = canonicalIp(textOf(object['ip']));
  const port = countOf(object['port']);
  if (ip === undefined || port < 1 || port > 65_535) return refuse('an address');
  return { peerId: branded(PeerId, object['peerId']), ip, port };
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch (error) {
    if (error instanceof SyntaxError) return refuse('JSON');
    throw error;
  }
}

function objectOf(value: unknown): { readonly [key: string]: unknown } {
  if (typeof value !== 'object' || value === null) return refuse('an object');
  return value as { readonly [key: string]: unknown };
}

const listOf = <Item>(value: unknown, itemOf: (item: unknown) => Item): Item[] =>
  Array.isArray(value) ? value.map(itemOf) : refuse('a list');

const textOf = (value: unknown): string => (typeof value === 'string' ? value : refuse('a text'));

const countOf = (value: unknown): number =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0
    ? value
    : refuse('a count');

function branded<Id>(brand: (hex: string) => Id, value: unknown): Id {
  const hex = textOf(value);
  return /^[0-9a-f]{40}$/.test(hex) ? brand(hex) : refuse('40 hex digits');
}

function refuse(wanted: string): never {
  throw new TrackerError('bad-answer', `not a catalogue: something in it is not ${wanted}`);
}
