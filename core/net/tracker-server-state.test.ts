import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { PublicationsSnapshot } from '../tracker/publications.ts';
import { nodeDisk } from './disk-node.ts';
import { CatalogueFile } from './tracker-server-state.ts';

const catalogueOf = (count: number): PublicationsSnapshot =>
  Array.from({ length: count }, (_, n) => ({ addedAt: `day ${n}`, bytes: Uint8Array.of(n, 255) }));

describe('CatalogueFile', () => {
  it('gives back what was saved last, however many saves are under way', async () => {
    await using dir = await scratch();
    const file = new CatalogueFile(nodeDisk, dir.file);
    await Promise.all([1, 2, 3, 4].map((count) => file.save(catalogueOf(count))));
    const made = await file.load((catalogue) => catalogue);
    expect(made).toEqual({ type: 'kept', made: catalogueOf(4) });
    expect(await readdir(dir.path)).toEqual(['catalogue']);
  });

  it('is settled when no save is under way', async () => {
    await using dir = await scratch();
    const file = new CatalogueFile(nodeDisk, dir.file);
    const saved = file.save(catalogueOf(1));
    await file.settled();
    expect(await readdir(dir.path)).toEqual(['catalogue']);
    await saved;
  });

  it('finds nothing where nothing is', async () => {
    await using dir = await scratch();
    expect(await new CatalogueFile(nodeDisk, dir.file).load(fail)).toEqual({ type: 'none' });
  });

  it('does not take our own mistake for damage', async () => {
    await using dir = await scratch();
    const file = new CatalogueFile(nodeDisk, dir.file);
    await file.save(catalogueOf(1));
    await expect(file.load(fail)).rejects.toThrow(RangeError);
    expect(await readdir(dir.path)).toEqual(['catalogue']);
  });

  it('overwrites nothing when it sets a second damaged file aside', async () => {
    await using dir = await scratch();
    const file = new CatalogueFile(nodeDisk, dir.file);
    for (const text of ['first', 'second']) {
      await writeFile(dir.file, text);
      expect(await file.load(fail)).toMatchObject({ type: 'damaged' });
    }
    expect(await readFile(`${dir.file}.damaged-1`, 'utf8')).toBe('first');
    expect(await readFile(`${dir.file}.damaged-2`, 'utf8')).toBe('second');
  });
});

const fail = (): never => {
  throw new RangeError('our own mistake');
};

async function scratch(): Promise<
  AsyncDisposable & { readonly path: string; readonly file: string }
> {
  const path = await mkdtemp(join(tmpdir(), 'swarmproof-catalogue-'));
  const dispose = (): Promise<void> => rm(path, { recursive: true });
  return { path, file: join(path, 'catalogue'), [Symbol.asyncDispose]: dispose };
}
