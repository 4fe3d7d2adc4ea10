import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { InfoHash } from '../torrent/ids.ts';
import { allowedFastSet } from './allowed-fast.ts';

const spec = {
  ip: '80.4.4.200',
  infoHash: InfoHash('aa'.repeat(20)),
  pieceCount: 1313,
  sha1: (bytes: Uint8Array) => createHash('sha1').update(bytes).digest(),
};

it('gives the sets that BEP 6 prints', () => {
  const nine = [1059, 431, 808, 1217, 287, 376, 1188, 353, 508];
  expect(allowedFastSet({ ...spec, count: 7 })).toEqual(nine.slice(0, 7));
  expect(allowedFastSet({ ...spec, count: 9 })).toEqual(nine);
});

it('gives every piece of a torrent with fewer pieces, and ends', () => {
  expect([...allowedFastSet({ ...spec, pieceCount: 3, count: 10 })].sort()).toEqual([0, 1, 2]);
});

it('gives the same set to a whole network, and none for IPv6', () => {
  const set = allowedFastSet({ ...spec, count: 9 });
  expect(allowedFastSet({ ...spec, ip: '80.4.4.1', count: 9 })).toEqual(set);
  expect(allowedFastSet({ ...spec, ip: '::1', count: 9 })).toEqual([]);
});
