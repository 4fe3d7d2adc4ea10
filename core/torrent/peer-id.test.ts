import { describe, expect, it } from 'vitest';
import { fromHex, toHex } from '../bytes/hex.ts';
import { fromLatin1, latin1 } from '../bytes/utf8.ts';
import { randomStream } from '../random.ts';
import { PeerId } from './ids.ts';
import { clientOf, makePeerId } from './peer-id.ts';

describe('makePeerId', () => {
  it('begins with the client and version, and goes on with letters and digits', () => {
    const random = randomStream(1, 'peer id');
    for (let i = 0; i < 100; i += 1)
      expect(latin1(fromHex(makePeerId(random)))).toMatch(/^-SW0100-[0-9A-Za-z]{12}$/);
  });

  it('gives the same id for the same stream, and another for the next', () => {
    const random = randomStream(1, 'peer id');
    const first = makePeerId(random);
    expect(makePeerId(randomStream(1, 'peer id'))).toBe(first);
    expect(makePeerId(random)).not.toBe(first);
  });
});

describe('clientOf', () => {
  it.each([
    ['-SW0100-abcdefghijkl', 'Swarmproof 0.1.0.0'],
    ['-TR406Z-abcdefghijkl', 'Transmission 4.0.6.Z'],
    ['-XY1234-abcdefghijkl', 'XY 1.2.3.4'],
    ['A2-1-37-0-abcdefghij', 'aria2 1.37.0'],
    ['\x1b[2J\x00\x01\x02\x03abcdefghijkl', '\\u{1b}[2J\\u{0}\\u{1}\\u{2}\\u{3}'],
    ['M7-10-5--abcdefghijk', 'M7-10-5-'],
  ])('%j is %j', (text, client) => {
    expect(clientOf(PeerId(toHex(fromLatin1(text))))).toBe(client);
  });
});
