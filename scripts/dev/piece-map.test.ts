import { inflateSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { pieceMap } from './piece-map.ts';

it('draws a picture whose rows have the size its header tells', () => {
  const png = Buffer.from(pieceMap({ width: 16, height: 8 }));
  expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([16, 8]);
  const dataLength = png.readUInt32BE(33);
  const rows = inflateSync(png.subarray(41, 41 + dataLength));
  expect(rows.length).toBe(8 * (1 + 3 * 16));
});
