/** What is on the peers' disks when a run has ended. */
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { sha256File } from '../../core/net/hash.ts';
import type { FileFound, Leak } from '../world.ts';
import type { Content } from './contents.ts';

type Owner = { readonly peer: string; readonly dir: string; readonly contents: readonly number[] };

/** Every file of a content at a peer, hashed, under its final or its partial name. */
export async function filesOf(
  { peer, dir, contents: indices }: Owner,
  contents: readonly Content[],
): Promise<readonly FileFound[]> {
  const found: FileFound[] = [];
  for (const index of indices)
    for (const { path, place, isPartial } of placesOf(contents[index], join(dir, String(index)))) {
      const bytes = await sizeOf(place);
      if (bytes === undefined) continue;
      const sha256 = await sha256File(place);
      found.push({ peer, content: index, path, isPartial, bytes, sha256 });
    }
  return found;
}

type Place = { readonly path: string; readonly place: string; readonly isPartial: boolean };

/** Where the files of a content are, whole or in part. */
const placesOf = (content: Content | undefined, dir: string): readonly Place[] =>
  (content?.facts.files ?? []).flatMap(({ path }, file) => {
    const whole = join(dir, ...(content?.metainfo.files[file]?.path ?? []));
    return [
      { path, place: whole, isPartial: false },
      { path, place: `${whole}.part`, isPartial: true },
    ];
  });

/** Files that were only meant to last for a moment: nothing that ended in good order leaves any. */
export async function temporaryFiles(dir: string): Promise<readonly Leak[]> {
  const names = await readdir(dir, { recursive: true }).catch(() => []);
  return names
    .filter((name) => name.endsWith('.tmp'))
    .map((name) => ({ kind: 'temporary-file', what: join(dir, name) }));
}

async function sizeOf(path: string): Promise<number | undefined> {
  const found = await stat(path).catch(() => undefined);
  return found?.size;
}
