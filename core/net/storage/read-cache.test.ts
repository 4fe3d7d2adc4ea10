import { describe, expect, it } from 'vitest';
import { ReadCache } from './read-cache.ts';

describe('the read cache', () => {
  it('reads a window once for all who ask at the same time', async () => {
    const cache = new ReadCache();
    const key = cache.share();
    let reads = 0;
    const read = (): Promise<Uint8Array> => {
      reads += 1;
      return Promise.resolve(Uint8Array.of(1, 2));
    };
    const [a, b] = await Promise.all([cache.load(key, read), cache.load(key, read)]);
    expect(a).toBe(b);
    expect(await cache.load(key, read)).toBe(a);
    expect(reads).toBe(1);
  });

  it('drops the windows used longest ago when it is over its limit', async () => {
    const cache = new ReadCache(20);
    const share = cache.share();
    await fill(cache, share + 1);
    await fill(cache, share + 2);
    cache.peek(share + 1);
    await fill(cache, share + 3);
    expect([1, 2, 3].map((n) => cache.peek(share + n) !== undefined)).toEqual([true, false, true]);
    expect(cache.bytes).toBe(20);
  });

  it('keeps the shares of several storages apart', async () => {
    const cache = new ReadCache();
    const [mine, yours] = [cache.share(), cache.share()];
    await fill(cache, mine + 7);
    await fill(cache, yours + 7);
    cache.dropShare(mine);
    expect(cache.peek(mine + 7)).toBeUndefined();
    expect(cache.peek(yours + 7)).toBeDefined();
    expect(cache.bytes).toBe(10);
  });

  it('does not keep what was read before the window was dropped', async () => {
    const cache = new ReadCache();
    const key = cache.share();
    const old = cache.load(key, () => Promise.resolve(Uint8Array.of(0)));
    cache.drop(key);
    const fresh = await cache.load(key, () => Promise.resolve(Uint8Array.of(1)));
    await old;
    expect(fresh).toEqual(Uint8Array.of(1));
    expect(cache.peek(key)).toBe(fresh);
  });

  it('reads again after a failure', async () => {
    const cache = new ReadCache();
    const key = cache.share();
    await expect(cache.load(key, () => Promise.reject(new Error('once')))).rejects.toThrow('once');
    await fill(cache, key);
    expect(cache.peek(key)).toBeDefined();
  });
});

const fill = (cache: ReadCache, key: number): Promise<Uint8Array> =>
  cache.load(key, () => Promise.resolve(new Uint8Array(10)));
