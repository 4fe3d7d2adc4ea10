/** Where a torrent comes from: the tracker's catalogue, a magnet link (BEP 9's form), a file. */
import { readFile, stat } from 'node:fs/promises';
import { sha1 } from '../../core/net/hash.ts';
import { fetchCatalogue, fetchTorrentFile } from '../../core/net/tracker-client.ts';
import { parseMagnet } from '../../core/torrent/magnet.ts';
import { type Metainfo, parseMetainfo } from '../../core/torrent/metainfo.ts';
import type { CatalogueEntry } from '../../core/tracker/catalogue.ts';
import { CommandError, toCommandError, usageError } from '../command-line/command-error.ts';
import { exitCode } from '../command-line/exit-code.ts';
import type { TrackerPlace } from '../options/tracker-url.ts';

/** A .torrent file larger than this is none that we would share; a hostile one must not fill memory. */
const maxTorrentFileBytes = 64 * 2 ** 20;

/** The tracker's list. Rejects with a CommandError when the tracker does not answer. */
export const catalogueOf = (
  { base }: TrackerPlace,
  signal: AbortSignal,
): Promise<readonly CatalogueEntry[]> => asked(fetchCatalogue(base, { signal }));

/** What a tracker was asked, with a failure in the words of the menu. */
export async function asked<Answer>(question: Promise<Answer>): Promise<Answer> {
  try {
    return await question;
  } catch (error) {
    const known = toCommandError(error);
    if (known.exit === exitCode.interrupted) throw error;
    const { code, exit } = known;
    throw new CommandError(`fail: tracker: ${known.message}`, { code, exit, cause: error });
  }
}

/** A torrent by its id in the catalogue, its magnet link, or the path of its file. */
export async function resolveTorrent(
  written: string,
  tracker: TrackerPlace,
  signal: AbortSignal,
): Promise<Metainfo> {
  if (/^magnet:/i.test(written)) return fromMagnet(written, tracker, signal);
  if (/^\d+$/.test(written)) return fromCatalogue(tracker, { id: Number(written) }, signal);
  return readTorrentFile(written);
}

export async function readTorrentFile(path: string): Promise<Metainfo> {
  const found = await stat(path);
  // A pipe or a device might never end.
  if (!found.isFile()) throw usageError(`${path}: not a file`);
  if (found.size > maxTorrentFileBytes) throw usageError(`${path}: too long for a .torrent file`);
  return parseMetainfo(await readFile(path), { sha1 });
}

/** Without BEP 9 only a tracker that has the .torrent file can turn a magnet link into a torrent. */
async function fromMagnet(
  link: string,
  tracker: TrackerPlace,
  signal: AbortSignal,
): Promise<Metainfo> {
  const { infoHash } = parseMagnet(link);
  const entries = await catalogueOf(tracker, signal);
  const entry = entries.find((candidate) => candidate.infoHash === infoHash);
  if (entry !== undefined) return fromCatalogue(tracker, entry, signal);
  throw new CommandError(
    `no such torrent: ${infoHash} is not in the list of ${tracker.base}, and fetching it from peers (BEP 9) is not supported yet`,
    { code: 'no-such-torrent', exit: exitCode.failed },
  );
}

async function fromCatalogue(
  tracker: TrackerPlace,
  { id }: { readonly id: number },
  signal: AbortSignal,
): Promise<Metainfo> {
  const entries = await catalogueOf(tracker, signal);
  const entry = entries.find((candidate) => candidate.id === id);
  if (entry === undefined) throw noSuchTorrent(id, entries.length);
  const bytes = await asked(fetchTorrentFile(tracker.base, id, { signal }));
  return parseMetainfo(bytes, { sha1 });
}

function noSuchTorrent(id: number, count: number): CommandError {
  const message = count === 0 ? 'no torrents at this tracker' : `no such torrent id: ${id}`;
  return new CommandError(message, { code: 'no-such-torrent', exit: exitCode.failed });
}
