import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { infoHash, ip, peerId, port } from '../testing/tracker-arbitraries.ts';
import {
  type CatalogueEntry,
  decodeCatalogue,
  decodePublication,
  decodeRefusal,
} from './catalogue.ts';
import { TrackerError } from './error.ts';

const peers = fc.array(fc.record({ peerId, ip, port }), { maxLength: 3 });
const entry: fc.Arbitrary<CatalogueEntry> = fc.record({
  id: fc.nat(),
  name: fc.string({ unit: 'grapheme' }),
  length: fc.nat(),
  pieceLength: fc.nat(),
  pieces: fc.nat(),
  infoHash,
  addedAt: fc.constant('2024-02-29T12:00:00.000Z'),
  seeders: peers,
  leechers: peers,
});

describe('the catalogue', () => {
  it('is read as it was written', () => {
    fc.assert(
      fc.property(fc.array(entry, { maxLength: 5 }), (entries) => {
        expect(decodeCatalogue(JSON.stringify(entries))).toEqual(entries);
      }),
    );
  });

  it('throws nothing but a TrackerError, whatever it is given', () => {
    const spoilt = fc
      .tuple(entry, fc.constantFrom('id', 'name', 'infoHash', 'seeders', 'leechers'), fc.json())
      .map(([whole, field, json]) => JSON.stringify([{ ...whole, [field]: JSON.parse(json) }]));
    fc.assert(
      fc.property(fc.oneof(spoilt, fc.json(), fc.string()), (json) => {
        for (const decode of [decodeCatalogue, decodePublication])
          try {
            decode(json);
          } catch (error) {
            expect(error).toBeInstanceOf(TrackerError);
          }
        decodeRefusal(json);
      }),
    );
  });

  it.each([
    ['{"error":{"code":"x","message":"no \\"info\\""}}', 'no "info"'],
    ['{"error":"x"}', undefined],
    ['<html>', undefined],
  ])('reads the reason of a refusal: %s', (json, reason) => {
    expect(decodeRefusal(json)).toBe(reason);
  });
});
