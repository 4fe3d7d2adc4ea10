/** What a tracker knows when it starts, and what it keeps for the next time. */
import { randomInt } from 'node:crypto';
import { randomStream } from '../random.ts';
import type { Instant } from '../time.ts';
import type { Locality } from '../tracker/locality.ts';
import type { RegistryOptions } from '../tracker/registry-options.ts';
import type { PublicationsSnapshot } from '../tracker/publications.ts';
import type { RegistrySnapshot } from '../tracker/registry-snapshot.ts';
import { Registry, type RegistryParts } from '../tracker/registry.ts';
import { sha1 } from './hash.ts';
import { type Logger, silentLogger } from './log.ts';
import type { CatalogueFile } from './tracker-server-state.ts';

/** See `TrackerOptions`. */
export type RegistryOrder = {
  readonly locality?: Locality | undefined;
  readonly log?: Logger;
  readonly registry?: Partial<RegistryOptions>;
  readonly restore?: RegistrySnapshot;
  readonly seed?: number;
};

/** With what it is told to restore, else with the catalogue that its file holds. Rejects with DiskError. */
export async function registryFor(
  now: () => Instant,
  {
    locality,
    log = silentLogger,
    registry: options = {},
    restore,
    seed = randomInt(2 ** 31),
  }: RegistryOrder,
  file: CatalogueFile | undefined,
): Promise<Registry> {
  const parts: RegistryParts = { random: randomStream(seed, 'tracker'), sha1, options, locality };
  const restored = (known: RegistrySnapshot): Registry =>
    new Registry(now(), { ...parts, restored: known });
  if (restore !== undefined) return restored(restore);
  if (file === undefined) return new Registry(now(), parts);
  const swarms = { downloaded: [], peers: [] };
  const found = await file.load((catalogue) => restored({ catalogue, swarms }));
  if (found.type === 'kept') return found.made;
  if (found.type === 'damaged')
    log.error(
      { file: file.path, movedTo: found.movedTo, reason: found.reason },
      'the catalogue file is damaged: it was set aside, and the catalogue begins empty',
    );
  return new Registry(now(), parts);
}

/** Into its file, if it has one. What cannot be saved is still published; it is tried again with the next one. */
export async function saveCatalogue(
  file: CatalogueFile | undefined,
  catalogue: PublicationsSnapshot,
  log: Logger,
): Promise<void> {
  if (file === undefined) return;
  try {
    await file.save(catalogue);
  } catch (error) {
    log.error({ error, file: file.path }, 'the catalogue could not be saved');
  }
}
