/** The torrents that were published at this tracker, under ids that are never used again (a complement to BEP 3). */
import type { InfoHash, Sha1 } from '../torrent/ids.ts';
import type { Publication } from './catalogue.ts';
import { MetainfoError, type MetainfoErrorCode } from '../torrent/metainfo-error.ts';
import { type Metainfo, parseMetainfo } from '../torrent/metainfo.ts';
import type { RegistryOptions } from './registry-options.ts';

/** A published torrent, as kept. */
export type Published = Publication & {
  readonly length: number;
  readonly pieceLength: number;
  readonly pieces: number;
  /** ISO 8601. */
  readonly addedAt: string;
  /** The .torrent file as it came. */
  readonly bytes: Uint8Array;
};

/** What has to be kept of a publication; the rest is in the file. */
export type KeptPublication = Pick<Published, 'addedAt' | 'bytes'>;

/** All, by id: none is ever taken away, so the ids are 0, 1, 2 ... */
export type PublicationsSnapshot = readonly KeptPublication[];

export type PublishAnswer =
  | { readonly type: 'published'; readonly publication: Publication; readonly isNew: boolean }
  | {
      readonly type: 'refused';
      readonly code: MetainfoErrorCode | 'full';
      readonly message: string;
      /** Where in the file the fault is, in bytes. */
      readonly offset?: number;
    };

type Limits = Pick<RegistryOptions, 'maxPublished' | 'maxPublishedBytes'>;

export class Publications {
  readonly #limits: Limits;
  readonly #sha1: Sha1;
  readonly #byHash = new Map<InfoHash, Published>();
  readonly #byId: Published[] = [];
  #bytes = 0;

  /** Throws MetainfoError when what was kept is no torrent. */
  constructor(limits: Limits, sha1: Sha1, kept: PublicationsSnapshot = []) {
    this.#limits = limits;
    this.#sha1 = sha1;
    for (const { addedAt, bytes } of kept)
      this.#keep(bytes, addedAt, parseMetainfo(bytes, { sha1 }));
  }

  get count(): number {
    return this.#byId.length;
  }

  has(infoHash: InfoHash): boolean {
    return this.#byHash.has(infoHash);
  }

  /** The .torrent file under `id`; undefined when there is none. */
  fileOf(id: number): Uint8Array | undefined {
    return this.#byId[id]?.bytes;
  }

  /** All, by id. */
  all(): Iterable<Published> {
    return this.#byId;
  }

  /** Gives the torrent its id, or says which it has. */
  publish(bytes: Uint8Array, addedAt: string): PublishAnswer {
    const metainfo = this.#parse(bytes);
    if (metainfo instanceof MetainfoError) return refusalOf(metainfo);
    const known = this.#byHash.get(metainfo.infoHash);
    if (known !== undefined) return published(known, false);
    const { maxPublished, maxPublishedBytes } = this.#limits;
    if (this.count >= maxPublished || this.#bytes + bytes.length > maxPublishedBytes)
      return { type: 'refused', code: 'full', message: 'this tracker takes no more torrents' };
    return published(this.#keep(bytes.slice(), addedAt, metainfo), true);
  }

  snapshot(): PublicationsSnapshot {
    return this.#byId.map(({ addedAt, bytes }) => ({ addedAt, bytes }));
  }

  #parse(bytes: Uint8Array): Metainfo | MetainfoError {
    try {
      return parseMetainfo(bytes, { sha1: this.#sha1 });
    } catch (error) {
      if (error instanceof MetainfoError) return error;
      throw error;
    }
  }

  #keep(bytes: Uint8Array, addedAt: string, metainfo: Metainfo): Published {
    const { infoHash, length, name, pieceCount: pieces, pieceLength } = metainfo;
    const id = this.count;
    const entry = { id, infoHash, length, name, pieceLength, pieces, addedAt, bytes };
    this.#byHash.set(infoHash, entry);
    this.#byId.push(entry);
    this.#bytes += bytes.length;
    return entry;
  }
}

const published = ({ id, infoHash, name }: Published, isNew: boolean): PublishAnswer => ({
  type: 'published',
  publication: { id, infoHash, name },
  isNew,
});

const refusalOf = ({ code, message, offset }: MetainfoError): PublishAnswer => ({
  type: 'refused',
  code,
  message,
  ...(offset !== undefined && { offset }),
});
