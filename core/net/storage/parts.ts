/** What a torrent's storage is made of. */
import { join, resolve } from 'node:path';
import type { Metainfo } from '../../torrent/metainfo.ts';
import { Pieces } from '../../torrent/pieces.ts';
import type { Disk } from '../disk.ts';
import { nodeDisk } from '../disk-node.ts';
import { BlockReader } from './block-reader.ts';
import { Checkpoints, defaultCheckpointEveryMs } from './checkpoints.ts';
import { layoutOf } from './layout.ts';
import { Ledger } from './ledger.ts';
import type { StorageOptions } from './options.ts';
import { ReadCache } from './read-cache.ts';
import { TorrentFiles } from './torrent-files.ts';

export type StorageParts = {
  readonly metainfo: Metainfo;
  readonly pieces: Pieces;
  readonly disk: Disk;
  readonly dir: string;
  /** The files are somebody's: read only. */
  readonly isSeed: boolean;
  /** Where resume state may be found; undefined: it is not looked for. */
  readonly statePath: string | undefined;
  readonly files: TorrentFiles;
  readonly ledger: Ledger;
  readonly reader: BlockReader;
  readonly checkpoints: Checkpoints;
};

/** Puts the parts together; opens nothing yet. Throws DiskError for names that lead out of the directory. */
export function partsOf(options: StorageOptions): StorageParts {
  const { metainfo, disk = nodeDisk, resume = 'trust', stateDir } = options;
  const dir = resolve(options.dir);
  const isSeed = options.existing === 'seed';
  const durable = options.fsync !== 'never';
  const pieces = new Pieces(metainfo);
  const ledger = new Ledger(metainfo, pieces);
  const layout = layoutOf(metainfo, dir, options.name);
  const files = new TorrentFiles({ metainfo, layout, disk, isSeed, syncs: durable });
  const statePath = join(stateDir === undefined ? dir : resolve(stateDir), layout.resumeName);
  const savesState = resume !== 'none' && (!isSeed || stateDir !== undefined);
  const path = savesState ? statePath : undefined;
  const reader = new BlockReader({
    pieces,
    cache: options.cache ?? new ReadCache(),
    read: (offset, into) => files.read(offset, into),
    readNow: (offset, into) => files.readNow(offset, into),
    have: () => ledger.have,
    pathAt: (offset) => files.pathAt(offset),
  });
  const everyMs = options.checkpointEveryMs ?? defaultCheckpointEveryMs;
  const checkpoints = new Checkpoints({ metainfo, disk, files, ledger, path, durable, everyMs });
  const found = resume === 'trust' ? statePath : undefined;
  return {
    ...{ metainfo, pieces, disk, dir, isSeed, files, ledger, reader, checkpoints },
    statePath: found,
  };
}
