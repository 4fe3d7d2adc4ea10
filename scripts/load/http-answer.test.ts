import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { decodeBencode } from '../../core/bencode/decode.ts';
import { encodeBencode } from '../../core/bencode/encode.ts';
import { outcomeOf, readHead } from './http-answer.ts';

const bytes = (text: string): Buffer => Buffer.from(text, 'latin1');
const count = fc.nat();
const dict = fc.record(
  {
    complete: count,
    incomplete: count,
    interval: count,
    peers: fc.uint8Array({ maxLength: 60 }),
    peers6: fc.uint8Array({ maxLength: 40 }),
    'failure reason': fc.constantFrom('no', 'full'),
    nested: fc.constantFrom(['a', 5], { complete: 7, peers: 'ab' }),
    'tracker id': fc.string({ maxLength: 9 }),
  },
  { requiredKeys: [] },
);

describe('answers over HTTP, as a load reads them', () => {
  it('say what they say when they are decoded', () => {
    fc.assert(
      fc.property(dict, (said) => {
        const body = Buffer.from(encodeBencode(said));
        const { complete = -1, incomplete = -1, peers, 'failure reason': failure } = said;
        const told = { seeders: complete, leechers: incomplete, peers: Buffer.from(peers ?? []) };
        expect(outcomeOf(body)).toEqual(
          failure !== undefined
            ? { type: 'refused', detail: failure }
            : peers === undefined
              ? { type: 'garbled', detail: 'no compact peers' }
              : { type: 'told', told: { ...told, peers: expect.anything() } },
        );
        const outcome = outcomeOf(body);
        if (outcome.type === 'told') expect(Buffer.from(outcome.told.peers)).toEqual(told.peers);
      }),
    );
  });

  it('are garbled when the decoder says so, wherever they are cut or spoilt', () => {
    const whole = encodeBencode({ complete: 1, incomplete: 2, peers: bytes('abcdef') });
    const place = fc.nat({ max: whole.length - 1 });
    fc.assert(
      fc.property(place, fc.nat({ max: 255 }), fc.boolean(), (at, byte, isCut) => {
        const body = isCut ? Buffer.from(whole.subarray(0, at)) : Buffer.from(whole.with(at, byte));
        const outcome = outcomeOf(body);
        if (outcome.type === 'told') {
          const again = decodeBencode(body, { mode: 'lenient' }) as Map<string, unknown>;
          expect(outcome.told.seeders).toBe(again.get('complete') ?? -1);
          expect(outcome.told.peers.length).toBe((again.get('peers') as Uint8Array).length);
        }
      }),
    );
  });

  it.each([
    ['HTTP/1.1 200 OK\r\nContent-Length: 12\r\n\r\n', 12, false],
    [
      'HTTP/1.1 200 OK\r\ncontent-type: a\r\ncontent-length:7\r\nConnection: close\r\n\r\n',
      7,
      true,
    ],
    ['HTTP/1.0 200 OK\r\nContent-Length: 3\r\n\r\n', 3, true],
    ['HTTP/1.0 200 OK\r\nConnection: Keep-Alive\r\n\r\n', undefined, false],
    ['HTTP/1.1 200 OK\n\n', undefined, false],
  ])('have a head: %j', (text, bodyBytes, isLast) => {
    expect(readHead(bytes(`${text}body`))).toEqual({ bodyAt: text.length, bodyBytes, isLast });
    expect(readHead(bytes(text.slice(0, -1)))).toBeUndefined();
  });
});
