import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { WindowPool } from './window-pool.ts';

describe('the window pool', () => {
  it('uses a retired window again once every view has come back', async () => {
    const pool = new WindowPool();
    const window = pool.allocate(64);
    const views = [0, 16].map((at) => pool.lend(window.subarray(at, at + 16)));
    pool.retire(window);
    await nextTurn();
    expect(pool.allocate(64).buffer).not.toBe(window.buffer);
    pool.giveBack(views[0] as Uint8Array);
    expect(pool.allocate(64).buffer).not.toBe(window.buffer);
    pool.giveBack(views[1] as Uint8Array);
    expect(pool.allocate(64).buffer).toBe(window.buffer);
  });

  it('never uses a window again that is not retired, or whose view does not come back', async () => {
    const pool = new WindowPool();
    const [kept, lost] = [pool.allocate(64), pool.allocate(64)];
    pool.giveBack(pool.lend(kept.subarray(1)));
    pool.lend(lost.subarray(1));
    pool.retire(lost);
    await nextTurn();
    const later = [1, 2, 3].map(() => pool.allocate(64).buffer);
    expect(later).not.toContain(kept.buffer);
    expect(later).not.toContain(lost.buffer);
  });

  it('waits for readers who get their views in this turn of the event loop', async () => {
    const pool = new WindowPool();
    const window = pool.allocate(64);
    pool.retire(window);
    await Promise.resolve();
    const view = pool.lend(window.subarray(0, 1));
    await nextTurn();
    expect(pool.allocate(64).buffer).not.toBe(window.buffer);
    pool.giveBack(view);
    expect(pool.allocate(64).buffer).toBe(window.buffer);
  });

  it('gives a window to one alone, also when it is retired twice or its view comes back twice', async () => {
    const pool = new WindowPool();
    const window = pool.allocate(64);
    const view = pool.lend(window.subarray(0, 1));
    pool.retire(window);
    pool.retire(window);
    pool.giveBack(view);
    await nextTurn();
    pool.giveBack(view);
    const later = [1, 2].map(() => pool.allocate(64).buffer);
    expect(later[0]).toBe(window.buffer);
    expect(later[1]).not.toBe(window.buffer);
  });

  it('keeps no more free than it is told', async () => {
    const pool = new WindowPool(128);
    const windows = [1, 2, 3].map(() => pool.allocate(64));
    for (const window of windows) pool.retire(window);
    await nextTurn();
    const later = [1, 2, 3].map(() => pool.allocate(64).buffer);
    expect(windows.filter(({ buffer }) => later.includes(buffer))).toHaveLength(2);
  });

  it('gives windows of the size that was asked for, and ignores memory of others', async () => {
    const pool = new WindowPool();
    pool.retire(pool.allocate(32));
    pool.giveBack(new Uint8Array(64));
    await nextTurn();
    expect(pool.allocate(64)).toHaveLength(64);
    expect(pool.allocate(32)).toHaveLength(32);
  });
});
