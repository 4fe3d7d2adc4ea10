import { execFileSync } from 'node:child_process';
import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readSmallFile, replaceFile } from './disk-atomic.ts';
import { readFully, writeFully } from './disk.ts';
import { toDiskError } from './disk-error.ts';
import { nodeDisk } from './disk-node.ts';
import { sha256File } from './hash.ts';
import { faultyDisk } from './testing/faulty-disk.ts';
import { temporaryDirectory } from './testing/temporary-directory.ts';

describe('the real disk', () => {
  it('writes and reads at any position, whatever each call manages', async () => {
    await using dir = await temporaryDirectory();
    const short = faultyDisk(nodeDisk, () => 'short');
    for (const disk of [nodeDisk, short]) {
      const file = await disk.open(join(dir.path, 'file'), 'create');
      await writeFully(file, Uint8Array.of(1, 2, 3, 4, 5, 6, 7), 10);
      const into = new Uint8Array(20);
      expect(await readFully(file, into, 8)).toBe(9);
      expect([...into.subarray(0, 9)]).toEqual([0, 0, 1, 2, 3, 4, 5, 6, 7]);
      await file.truncate(3);
      expect(await file.stat()).toMatchObject({ kind: 'file', size: 3, links: 1 });
      await file.fsync();
      await file.close();
      await disk.fsyncDir(dir.path);
    }
  });

  it('follows no link, opens nothing but files, and does not hang on a pipe', async () => {
    await using dir = await temporaryDirectory();
    const at = (name: string): string => join(dir.path, name);
    await writeFile(at('file'), 'x');
    await symlink(at('file'), at('link'));
    execFileSync('mkfifo', [at('pipe')]);
    await expect(nodeDisk.open(at('link'), 'read')).rejects.toMatchObject({ code: 'unsafe-path' });
    await expect(nodeDisk.open(at('pipe'), 'read')).rejects.toMatchObject({ code: 'unsafe-path' });
    await expect(nodeDisk.open(dir.path, 'read')).rejects.toMatchObject({ code: 'unsafe-path' });
    expect(await nodeDisk.stat(at('link'))).toMatchObject({ kind: 'other' });
    expect(await nodeDisk.realPath(at('link'))).toBe(at('file'));
    expect((await nodeDisk.list(dir.path)).toSorted()).toEqual(['file', 'link', 'pipe']);
  });

  it('names what went wrong, with the path', async () => {
    await using dir = await temporaryDirectory();
    const path = join(dir.path, 'absent');
    await expect(nodeDisk.open(path, 'update')).rejects.toMatchObject({
      code: 'vanished',
      errno: 'ENOENT',
      path,
    });
    expect(await nodeDisk.stat(path)).toBeUndefined();
    expect(await nodeDisk.realPath(path)).toBeUndefined();
    await writeFile(path, '');
    await expect(nodeDisk.mkdir(path)).rejects.toMatchObject({ code: 'exists' });
    await mkdir(join(dir.path, 'd'));
    await nodeDisk.mkdir(join(dir.path, 'd'));
  });

  it('tells a full disk from a broken one', async () => {
    const codes = ['ENOSPC', 'EDQUOT', 'EROFS', 'EACCES', 'ESTALE', 'EIO', 'EMFILE'];
    const named = codes.map((code) => toDiskError({ code }, '/x').code);
    const expected = ['disk-full', 'disk-full', 'read-only', 'read-only', 'vanished', 'io', 'io'];
    expect(named).toEqual(expected);
    expect(toDiskError('odd', '/x')).toMatchObject({ code: 'io', errno: 'UNKNOWN' });
  });

  it('replaces a small file as a whole, and leaves nothing behind when it cannot', async () => {
    await using dir = await temporaryDirectory();
    const path = join(dir.path, 'state');
    const content = { bytes: Uint8Array.of(1, 2, 3), durable: true };
    await replaceFile(nodeDisk, path, content);
    const full = faultyDisk(nodeDisk, ({ name }) => (name === 'fsync' ? 'ENOSPC' : undefined));
    const failing = replaceFile(full, path, { bytes: Uint8Array.of(9), durable: true });
    await expect(failing).rejects.toMatchObject({ code: 'disk-full' });
    expect(await nodeDisk.list(dir.path)).toEqual(['state']);
    expect([...(await readFile(path))]).toEqual([1, 2, 3]);
    expect(await readSmallFile(nodeDisk, path, 3)).toEqual(content.bytes);
    expect(await readSmallFile(nodeDisk, path, 2)).toBeUndefined();
    expect(await readSmallFile(nodeDisk, `${path}.no`, 9)).toBeUndefined();
  });

  it('hashes a whole file as the rest of the world does', async () => {
    await using dir = await temporaryDirectory();
    const path = join(dir.path, 'file');
    await writeFile(path, Buffer.alloc(3_000_000, 'swarm'));
    const [expected] = execFileSync('sha256sum', [path], { encoding: 'utf8' }).split(' ');
    expect(await sha256File(path)).toBe(expected);
    await expect(sha256File(path, { signal: AbortSignal.abort() })).rejects.toThrow('aborted');
  });
});
