/** Questions about many swarms at once (BEP 48; `downloaders` is BEP 21). */
import type { BencodeDict, BencodeValue } from '../bencode/value.ts';
import { encodeBencode } from '../bencode/encode.ts';
import { fromHex, toHex } from '../bytes/hex.ts';
import { fromLatin1, latin1 } from '../bytes/utf8.ts';
import { InfoHash } from '../torrent/ids.ts';
import { decodeAnswerDict, shownText } from './answer-dict.ts';
import { TrackerError } from './error.ts';
import { Query, escapeHex, hashInHex } from './query.ts';

/** Counts of one swarm. */
export type ScrapeEntry = {
  readonly seeders: number;
  /** Everybody who is incomplete. */
  readonly leechers: number;
  /** How often the torrent was completed. */
  readonly downloaded: number;
  /** Those of the leechers that still want something (BEP 21). */
  readonly downloaders?: number;
};

/** Swarms that the tracker does not know are left out. */
export type ScrapeSuccess = { readonly files: ReadonlyMap<InfoHash, ScrapeEntry> };
export type ScrapeAnswer = ScrapeSuccess | { readonly failure: string };

/** Where to scrape: the last step of the path must begin with `announce`. Undefined: this tracker cannot be asked. */
export function scrapeUrl(announceUrl: string): string | undefined {
  const [, before, after] = /^([^?#]*\/)announce([^/?#]*(?:[?].*)?)$/.exec(announceUrl) ?? [];
  return before === undefined ? undefined : `${before}scrape${after ?? ''}`;
}

/** What follows the question mark. */
export const encodeScrapeQuery = (infoHashes: readonly InfoHash[]): string =>
  infoHashes.map((infoHash) => `info_hash=${escapeHex(infoHash)}`).join('&');

/** Reads what follows the question mark, as it came. Throws TrackerError. */
export const decodeScrapeQuery = (rawQuery: string): readonly InfoHash[] =>
  new Query(rawQuery).all('info_hash').map((bytes) => {
    const hex = hashInHex(bytes);
    if (hex === undefined) throw new TrackerError('bad-info-hash', 'info_hash is not 20 bytes');
    return InfoHash(hex);
  });

export function encodeScrapeAnswer(answer: ScrapeAnswer): Uint8Array {
  if ('failure' in answer) return encodeBencode({ 'failure reason': answer.failure });
  const files = Array.from(answer.files, ([infoHash, entry]) => {
    const { downloaded, downloaders, leechers, seeders } = entry;
    const counts = { complete: seeders, downloaded, incomplete: leechers, downloaders };
    return [latin1(fromHex(infoHash)), counts] as const;
  });
  return encodeBencode({ files: new Map(files) });
}

/** Reads any tracker's answer; what is not an entry in it is left out. Throws TrackerError. */
export function decodeScrapeAnswer(bytes: Uint8Array): ScrapeAnswer {
  const dict = decodeAnswerDict(bytes);
  const failure = dict.get('failure reason');
  if (failure instanceof Uint8Array) return { failure: shownText(failure) };
  const listed = dict.get('files');
  if (!(listed instanceof Map)) throw new TrackerError('bad-answer', 'an answer without files');
  const files = new Map<InfoHash, ScrapeEntry>();
  for (const [key, value] of listed as BencodeDict) {
    const entry = value instanceof Map ? entryOf(value as BencodeDict) : undefined;
    if (key.length === 20 && entry !== undefined)
      files.set(InfoHash(toHex(fromLatin1(key))), entry);
  }
  return { files };
}

function entryOf(dict: BencodeDict): ScrapeEntry | undefined {
  const seeders = countOf(dict.get('complete'));
  const leechers = countOf(dict.get('incomplete'));
  const downloaders = countOf(dict.get('downloaders'));
  if (seeders === undefined || leechers === undefined) return undefined;
  return {
    seeders,
    leechers,
    downloaded: countOf(dict.get('downloaded')) ?? 0,
    ...(downloaders !== undefined && { downloaders }),
  };
}

const countOf = (value: BencodeValue | undefined): number | undefined =>
  typeof value === 'number' && value >= 0 ? value : undefined;
