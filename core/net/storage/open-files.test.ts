import { describe, expect, it } from 'vitest';
import type { Disk } from '../disk.ts';
import { MemoryDisk } from '../testing/memory-disk.ts';
import { passThrough, passThroughFile } from '../testing/logging-disk.ts';
import { maxOpenFiles, OpenFiles } from './open-files.ts';

describe('open files', () => {
  it('stay below their limit however many are used, and are all closed at the end', async () => {
    const { disk, counts } = countingDisk();
    const files = new OpenFiles(disk);
    for (let n = 0; n < 3 * maxOpenFiles; n += 1)
      await files.use(`/${n}`, 'create', (file) => file.stat());
    expect(counts.most).toBeLessThanOrEqual(maxOpenFiles + 1);
    await files.closeAll();
    expect(counts.now).toBe(0);
  });

  it('are opened once for all who use one at the same time', async () => {
    const { disk, counts } = countingDisk();
    const files = new OpenFiles(disk);
    const use = (): Promise<unknown> => files.use('/a', 'create', (file) => file.stat());
    await Promise.all([use(), use(), use()]);
    expect(counts.opened).toBe(1);
    await files.closeAll();
  });

  it('wait for their users before they close', async () => {
    const { disk, counts } = countingDisk();
    const files = new OpenFiles(disk);
    let finish = (): void => undefined;
    const running = files.use('/a', 'create', async () => {
      await new Promise<void>((resolve) => (finish = resolve));
      return counts.now;
    });
    await Promise.resolve();
    void files.retire('/a');
    const closed = files.closeAll();
    await new Promise((resolve) => setImmediate(resolve));
    finish();
    expect(await running).toBe(1);
    await closed;
    expect(counts.now).toBe(0);
  });

  it('are tried again after a failed opening', async () => {
    const { disk } = countingDisk();
    const files = new OpenFiles(disk);
    await expect(files.use('/a', 'read', (file) => file.stat())).rejects.toThrow('ENOENT');
    await files.use('/a', 'create', (file) => file.stat());
    await files.closeAll();
  });
});

function countingDisk(): {
  disk: Disk;
  counts: { now: number; most: number; opened: number };
} {
  const inner = new MemoryDisk();
  const counts = { now: 0, most: 0, opened: 0 };
  const disk: Disk = {
    ...passThrough(inner),
    async open(path, mode) {
      const file = await inner.open(path, mode);
      counts.now += 1;
      counts.opened += 1;
      counts.most = Math.max(counts.most, counts.now);
      return {
        ...passThroughFile(file),
        close: () => {
          counts.now -= 1;
          return Promise.resolve();
        },
      };
    },
  };
  return { disk, counts };
}
