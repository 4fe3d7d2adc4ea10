import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { encodeBencode } from '../bencode/encode.ts';
import type { BencodeInput } from '../bencode/value.ts';
import { latin1 } from '../bytes/utf8.ts';
import { bitfield, damaged, sha1 } from '../testing/torrent-arbitraries.ts';
import { Bitfield } from './bitfield.ts';
import { InfoHash } from './ids.ts';
import { type ResumeState, decodeResume, encodeResume } from './resume.ts';

const infoHash = InfoHash('41'.repeat(20));

describe('resume state', () => {
  it('is bencode with a checksum over its body', () => {
    const state = {
      infoHash,
      pieceLength: 16_384,
      have: Bitfield.full(3),
      files: [{ length: 9, mtimeMs: 5 }],
      clean: true,
    };
    const body = `d5:cleani1e5:fileslli9ei5eee4:have1:\xe09:info hash20:${'A'.repeat(20)}12:piece lengthi16384e6:piecesi3ee`;
    const text = latin1(encodeResume(state, sha1));
    expect(text).toMatch(/^d4:body105:d5:clean.*4:sha120:.{20}7:versioni1ee$/s);
    expect(text).toContain(body);
  });

  it('reading undoes writing', () => {
    fc.assert(
      fc.property(states, (state) => {
        const back = decodeResume(encodeResume(state, sha1), sha1);
        expect(back && { ...back, have: [...back.have.ones()] }).toEqual({
          ...state,
          have: [...state.have.ones()],
        });
        expect(back?.have.count).toBe(state.have.count);
      }),
    );
  });

  it('torn or damaged anywhere is none', () => {
    fc.assert(
      fc.property(
        states
          .map((state) => encodeResume(state, sha1))
          .chain((whole) => fc.tuple(fc.constant(whole), damaged(whole))),
        ([whole, bytes]) => {
          fc.pre(latin1(whole) !== latin1(bytes));
          expect(decodeResume(bytes, sha1)).toBeUndefined();
        },
      ),
    );
  });

  it('cut short is none', () => {
    const whole = encodeResume(
      { infoHash, pieceLength: 1, have: new Bitfield(9), files: [], clean: true },
      sha1,
    );
    for (let end = 0; end < whole.length; end += 1)
      expect(decodeResume(whole.subarray(0, end), sha1)).toBeUndefined();
  });

  it('of another version is none', () => {
    const body = encodeBencode(good);
    expect(decodeResume(encodeBencode({ body, sha1: sha1(body), version: 1 }), sha1)).toBeDefined();
    expect(
      decodeResume(encodeBencode({ body, sha1: sha1(body), version: 2 }), sha1),
    ).toBeUndefined();
  });

  it.each<[string, { readonly [key: string]: BencodeInput | undefined }]>([
    ['no info hash', { 'info hash': undefined }],
    ['a short info hash', { 'info hash': 'A' }],
    ['a negative piece length', { 'piece length': -1 }],
    ['a bitfield of another length', { pieces: 9 }],
    ['spare bits', { have: '\u0001' }],
    ['a bitfield that is a number', { have: 1 }],
    ['files that are text', { files: 'x' }],
    ['a file that is a number', { files: [1] }],
    ['a file without time', { files: [[1]] }],
    ['a file of negative length', { files: [[-1, 1]] }],
  ])('with a good checksum but %s is none', (_, change) => {
    const body = encodeBencode({ ...good, ...change });
    expect(
      decodeResume(encodeBencode({ body, sha1: sha1(body), version: 1 }), sha1),
    ).toBeUndefined();
  });
});

const good = {
  clean: 1,
  files: [],
  have: new Uint8Array(1),
  'info hash': 'A'.repeat(20),
  'piece length': 1,
  pieces: 3,
};

const states: fc.Arbitrary<ResumeState> = fc.record({
  infoHash: fc.constant(infoHash),
  pieceLength: fc.integer({ min: 1, max: 2 ** 27 }),
  have: bitfield.map(({ bits }) => bits),
  files: fc.array(
    fc.record({ length: fc.maxSafeNat(), mtimeMs: fc.maxSafeInteger().map((n) => n + 0) }),
  ),
  clean: fc.boolean(),
});
