import { join } from 'node:path';
import { expect, it } from 'vitest';
import { nodeDisk } from '../../core/net/disk-node.ts';
import { temporaryDirectory } from '../../core/net/testing/temporary-directory.ts';
import { FaultyDisk } from './faulty-disk.ts';

it('takes what fits, refuses the rest as a full disk does, and goes on when there is room', async () => {
  await using dir = await temporaryDirectory();
  const disk = new FaultyDisk(nodeDisk);
  const file = await disk.open(join(dir.path, 'file'), 'create');
  expect(await file.write(new Uint8Array(500), 0)).toBe(500);
  disk.health.fill(1_000);
  expect((await disk.space(dir.path)).freeBytes).toBe(1_000);
  expect(await file.write(new Uint8Array(600), 500)).toBe(600);
  await expect(file.write(new Uint8Array(500), 1_100)).rejects.toMatchObject({
    code: 'disk-full',
    errno: 'ENOSPC',
  });
  expect(await file.write(new Uint8Array(400), 1_100)).toBe(400);
  expect((await file.stat()).size).toBe(1_500);
  disk.health.heal();
  expect(await file.write(new Uint8Array(5_000), 1_500)).toBe(5_000);
  await file.close();
});

it('reads, renames and lists although it is full', async () => {
  await using dir = await temporaryDirectory();
  const disk = new FaultyDisk(nodeDisk);
  const [old, now] = [join(dir.path, 'old'), join(dir.path, 'now')];
  const file = await disk.open(old, 'create');
  await file.write(Uint8Array.of(1, 2, 3), 0);
  disk.health.fill(0);
  const bytes = new Uint8Array(3);
  expect(await file.read(bytes, 0)).toBe(3);
  expect([...bytes]).toEqual([1, 2, 3]);
  await file.truncate(2);
  await file.fsync();
  await file.close();
  await disk.rename(old, now);
  await disk.mkdir(join(dir.path, 'sub'));
  expect([...(await disk.list(dir.path))].sort()).toEqual(['now', 'sub']);
  expect((await disk.stat(now))?.size).toBe(2);
});

it('fails both ways while it is broken, and has lost nothing when it works again', async () => {
  await using dir = await temporaryDirectory();
  const disk = new FaultyDisk(nodeDisk);
  const file = await disk.open(join(dir.path, 'file'), 'create');
  await file.write(Uint8Array.of(1, 2, 3), 0);
  disk.health.break();
  const bytes = new Uint8Array(3);
  const broken = { code: 'io', errno: 'EIO' };
  await expect(file.read(bytes, 0)).rejects.toMatchObject(broken);
  await expect(file.write(bytes, 3)).rejects.toMatchObject(broken);
  disk.health.heal();
  expect(await file.write(Uint8Array.of(4), 3)).toBe(1);
  expect(await file.read(bytes, 1)).toBe(3);
  expect([...bytes]).toEqual([2, 3, 4]);
  await file.close();
});
