/**
 * The catalogue in a file, so that ids and torrents survive a restart of the tracker: bencoded, with a checksum, and
 * replaced as a whole. A file that is damaged is set aside under another name, and said so: never lost in silence.
 */
import { resolve } from 'node:path';
import type { BencodeDict, BencodeValue } from '../bencode/value.ts';
import type { KeptPublication, PublicationsSnapshot } from '../tracker/publications.ts';
import type { Disk } from './disk.ts';
import { decodeBencode } from '../bencode/decode.ts';
import { encodeBencode } from '../bencode/encode.ts';
import { BencodeError } from '../bencode/error.ts';
import { sameBytes } from '../bytes/hex.ts';
import { decodeUtf8 } from '../bytes/utf8.ts';
import { MetainfoError } from '../torrent/metainfo-error.ts';
import { readSmallFile, replaceFile } from './disk-atomic.ts';
import { sha1 } from './hash.ts';

/** Twice what a catalogue may hold by default. */
const maxStateBytes = 512 * 2 ** 20;
const version = 1;

export type StateFound<Made> =
  | { readonly type: 'none' }
  | { readonly type: 'kept'; readonly made: Made }
  /** The file was no catalogue; it is at `movedTo` now. */
  | { readonly type: 'damaged'; readonly reason: string; readonly movedTo: string };

export class CatalogueFile {
  readonly path: string;
  readonly #disk: Disk;
  #wanted: PublicationsSnapshot | undefined;
  #saving: Promise<void> | undefined;

  constructor(disk: Disk, path: string) {
    this.#disk = disk;
    this.path = resolve(path);
  }

  /**
   * Hands what the file holds to `make`, whose MetainfoError means that it is damaged. Rejects with DiskError when the
   * file cannot be read, or a damaged one cannot be moved.
   */
  async load<Made>(make: (catalogue: PublicationsSnapshot) => Made): Promise<StateFound<Made>> {
    if ((await this.#disk.stat(this.path)) === undefined) return { type: 'none' };
    const bytes = await readSmallFile(this.#disk, this.path, maxStateBytes);
    try {
      if (bytes === undefined) throw new StateDamage('not a file, or too large');
      return { type: 'kept', made: make(decodeState(bytes)) };
    } catch (error) {
      if (!isDamage(error)) throw error;
      return { type: 'damaged', reason: error.message, movedTo: await this.#setAside() };
    }
  }

  /**
   * Writes the catalogue, durably. Those that come during a write share the next one, with the latest of theirs.
   * Rejects with DiskError when theirs is not in the file.
   */
  save(catalogue: PublicationsSnapshot): Promise<void> {
    this.#wanted = catalogue;
    this.#saving ??= this.#write();
    return this.#saving;
  }

  /** Resolves when no write is under way. */
  async settled(): Promise<void> {
    await this.#saving?.catch(() => undefined);
  }

  async #write(): Promise<void> {
    try {
      for (let next = this.#wanted; next !== undefined; next = this.#wanted) {
        this.#wanted = undefined;
        await replaceFile(this.#disk, this.path, { bytes: encodeState(next), durable: true });
      }
    } finally {
      this.#saving = undefined;
    }
  }

  async #setAside(): Promise<string> {
    for (let count = 1; ; count += 1) {
      const target = `${this.path}.damaged-${count}`;
      if ((await this.#disk.stat(target)) !== undefined) continue;
      await this.#disk.rename(this.path, target);
      return target;
    }
  }
}

class StateDamage extends Error {}

const isDamage = (error: unknown): error is Error =>
  error instanceof StateDamage || error instanceof BencodeError || error instanceof MetainfoError;

function encodeState(torrents: PublicationsSnapshot): Uint8Array {
  const payload = encodeBencode(
    torrents.map(({ addedAt, bytes }) => ({ 'added at': addedAt, torrent: bytes })),
  );
  return encodeBencode({ payload, sha1: sha1(payload), version });
}

function decodeState(bytes: Uint8Array): PublicationsSnapshot {
  const file = dictOf(decodeBencode(bytes, { maxBytes: maxStateBytes }));
  if (file.get('version') !== version) throw new StateDamage('of another version');
  const payload = bytesOf(file.get('payload'));
  if (!sameBytes(bytesOf(file.get('sha1')), sha1(payload)))
    throw new StateDamage('its checksum does not fit');
  const torrents = decodeBencode(payload, { maxBytes: maxStateBytes });
  if (!Array.isArray(torrents)) throw new StateDamage('no list of torrents');
  return torrents.map(keptOf);
}

function keptOf(value: BencodeValue): KeptPublication {
  const torrent = dictOf(value);
  const addedAt = decodeUtf8(bytesOf(torrent.get('added at'))) ?? '';
  return { addedAt, bytes: bytesOf(torrent.get('torrent')) };
}

function dictOf(value: BencodeValue): BencodeDict {
  if (value instanceof Map) return value as BencodeDict;
  throw new StateDamage('not a dictionary');
}

function bytesOf(value: BencodeValue | undefined): Uint8Array {
  if (value instanceof Uint8Array) return value;
  throw new StateDamage('not a string');
}
