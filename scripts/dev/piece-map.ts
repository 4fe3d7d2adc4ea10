/** A picture of pieces spreading through a swarm, as a PNG (RFC 2083) made without any library. */
import { crc32, deflateSync } from 'node:zlib';

type Size = { readonly width: number; readonly height: number };
type Colour = readonly [red: number, green: number, blue: number];

const signature = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);

/** Side of one square (a piece of one peer), in pixels. */
const cell = 8;

export function pieceMap({ width, height }: Size): Uint8Array {
  const header = new DataView(new ArrayBuffer(13));
  header.setUint32(0, width);
  header.setUint32(4, height);
  header.setUint8(8, 8); // Bits a channel.
  header.setUint8(9, 2); // Red, green, blue.
  const rows = new Uint8Array(height * (1 + 3 * width));
  for (let y = 0; y < height; y += 1)
    for (let x = 0; x < width; x += 1)
      rows.set(colourAt(x, y, { width, height }), y * (1 + 3 * width) + 1 + 3 * x);
  return Buffer.concat([
    signature,
    chunk('IHDR', new Uint8Array(header.buffer)),
    chunk('IDAT', deflateSync(rows, { level: 9 })),
    chunk('IEND', new Uint8Array()),
  ]);
}

/** Each row of squares is a peer, each column a piece; waves start at three seeders and fade with distance. */
function colourAt(x: number, y: number, { width, height }: Size): Colour {
  if (x % cell === 0 || y % cell === 0) return [24, 26, 34];
  const column = Math.floor(x / cell) / Math.floor(width / cell);
  const row = Math.floor(y / cell) / Math.floor(height / cell);
  const seeders = [0.15, 0.5, 0.85].map((at) => Math.hypot(column - at, row - 0.2 - at / 3));
  const near = Math.min(...seeders);
  const wave = 0.5 + 0.5 * Math.cos(30 * near);
  const [a = 0, b = 0, c = 0] = seeders.map((distance) => Math.exp(-5 * distance));
  return [shade(a, wave), shade(b, wave), shade(c, wave)];
}

const shade = (strength: number, wave: number): number =>
  Math.round(40 + 200 * Math.min(1, strength * (0.5 + 0.5 * wave)));

function chunk(type: string, data: Uint8Array): Uint8Array {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const framed = Buffer.alloc(8 + body.length);
  framed.writeUInt32BE(data.length, 0);
  body.copy(framed, 4);
  framed.writeUInt32BE(crc32(body), 4 + body.length);
  return framed;
}
