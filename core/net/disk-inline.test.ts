import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { type Disk, readFully, writeFully } from './disk.ts';
import { DiskError } from './disk-error.ts';
import { nodeDisk } from './disk-node.ts';
import { temporaryDirectory } from './testing/temporary-directory.ts';
import { inlineDisk } from './disk-inline.ts';

const bytes = Uint8Array.from({ length: 5_000 }, (_, i) => i % 251);

it('does and refuses what the disk does that waits', async () => {
  expect(await story(inlineDisk)).toEqual(await story(nodeDisk));
});

it('reads and looks at once what it reads and looks at later, and fails alike', async () => {
  await using dir = await temporaryDirectory();
  const path = join(dir.path, 'file');
  await writeFile(path, bytes);
  const file = await inlineDisk.open(path, 'read');
  const [now, later] = [new Uint8Array(900), new Uint8Array(900)];
  expect(file.prompt?.readNow(now, 4_500)).toBe(await file.read(later, 4_500));
  expect(now).toEqual(later);
  expect(file.prompt?.statNow()).toEqual(await file.stat());
  await file.close();
  const failure = await file.stat().then(() => undefined, reasonOf(dir.path));
  expect(() => file.prompt?.statNow()).toThrow(DiskError);
  expect(failure).toMatch(/EBADF/);
});

/** All that a storage asks of a disk, and how it was answered. */
async function story(disk: Disk): Promise<readonly unknown[]> {
  await using dir = await temporaryDirectory();
  const [file, moved, link] = ['file', 'moved', 'link'].map((name) => join(dir.path, name)) as [
    string,
    string,
    string,
  ];
  await writeFile(join(dir.path, 'outside'), 'mine');
  await symlink(join(dir.path, 'outside'), link);
  await mkdir(join(dir.path, 'sub'));
  const open = await disk.open(file, 'create');
  await writeFully(open, bytes, 1_000);
  await open.fsync();
  const read = new Uint8Array(7_000);
  const count = await readFully(open, read, 500);
  await open.truncate(2_000);
  const { kind, size, links } = await open.stat();
  await disk.rename(file, moved);
  const refusals = await Promise.all(
    [
      disk.open(file, 'read'),
      disk.open(link, 'update'),
      disk.open(join(dir.path, 'sub'), 'read'),
      disk.unlink(file),
      disk.rename(file, moved),
      open.read(new Uint8Array(1), -1),
    ].map((call) => call.then(() => 'done', reasonOf(dir.path))),
  );
  const found = await Promise.all([disk.stat(file), disk.stat(moved), disk.stat(link)]);
  await open.close();
  await disk.unlink(moved);
  return [
    count,
    read,
    [kind, size, links],
    refusals,
    found.map((one) => [one?.kind, one?.links]),
    [...(await disk.list(dir.path))].sort(),
  ];
}

const reasonOf =
  (dir: string) =>
  (error: unknown): string =>
    String(error).replaceAll(dir, '');
