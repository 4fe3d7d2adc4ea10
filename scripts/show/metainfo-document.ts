/** A .torrent file as `info` shows it, for programs and for people. */
import { formatMagnet } from '../../core/torrent/magnet.ts';
import type { Metainfo } from '../../core/torrent/metainfo.ts';
import { printable } from './printable.ts';
import { countText, sizeText } from './units.ts';

export type MetainfoDocument = {
  readonly name: string;
  readonly infoHash: string;
  /** Bytes. */
  readonly pieceLength: number;
  /** How many. */
  readonly pieces: number;
  /** Bytes of all files together. */
  readonly length: number;
  readonly private: boolean;
  readonly files: readonly { readonly path: string; readonly length: number }[];
  /** Tiers of announce URLs (BEP 12). */
  readonly trackers: readonly (readonly string[])[];
  readonly webSeeds: readonly string[];
  readonly httpSeeds: readonly string[];
  readonly magnet: string;
  readonly warnings: readonly string[];
  readonly comment?: string;
  readonly createdBy?: string;
  /** Seconds since 1970. */
  readonly creationDate?: number;
};

export function metainfoDocument(metainfo: Metainfo): MetainfoDocument {
  const { name, infoHash, length, pieceLength, trackers, webSeeds, httpSeeds, warnings } = metainfo;
  const { comment, createdBy, creationDate } = metainfo;
  return {
    name,
    infoHash,
    pieceLength,
    pieces: metainfo.pieceCount,
    length,
    private: metainfo.isPrivate,
    files: metainfo.files
      .filter((file) => file.isPad !== true)
      .map((file) => ({ path: file.path.join('/'), length: file.length })),
    trackers,
    webSeeds,
    httpSeeds,
    magnet: formatMagnet({
      infoHash,
      name,
      length,
      trackers: trackers.flat(),
      webSeeds,
      peers: [],
      selectOnly: [],
    }),
    warnings,
    ...(comment !== undefined && { comment }),
    ...(createdBy !== undefined && { createdBy }),
    ...(creationDate !== undefined && { creationDate }),
  };
}

export function metainfoLines(metainfo: Metainfo): string {
  const document = metainfoDocument(metainfo);
  const size = `${sizeText(document.length)} (${document.length} bytes)`;
  const pieces = `${countText(document.pieces, 'piece')} of ${sizeText(document.pieceLength)}`;
  const rows: readonly (readonly [string, string | undefined])[] = [
    ['name', document.name],
    ['info hash', document.infoHash],
    ['size', size],
    ['pieces', pieces],
    ['private', document.private ? 'yes' : 'no'],
    ...document.trackers.map((tier): [string, string] => ['trackers', tier.join('  ')]),
    ...document.webSeeds.map((url): [string, string] => ['web seed', url]),
    ...document.httpSeeds.map((url): [string, string] => ['http seed', url]),
    ['comment', document.comment],
    ['created by', document.createdBy],
    ['created', dateText(document.creationDate)],
    ['magnet', document.magnet],
    ...document.files.map(({ path, length }): [string, string] => [
      'file',
      `${path} (${length} bytes)`,
    ]),
    ...document.warnings.map((warning): [string, string] => ['warning', warning]),
  ];
  return rows
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => `${key.padEnd(10)}  ${printable(value ?? '')}`)
    .join('\n');
}

/** Seconds since 1970 as a date; what no calendar has, as the number. */
function dateText(creationDate: number | undefined): string | undefined {
  if (creationDate === undefined) return undefined;
  const date = new Date(creationDate * 1_000);
  return Number.isNaN(date.getTime()) ? String(creationDate) : date.toISOString();
}
