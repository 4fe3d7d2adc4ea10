import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { fromLatin1 } from '../bytes/utf8.ts';
import { WireError } from './error.ts';
import {
  decodeExtensionHandshake,
  encodeExtensionHandshake,
  maxExtensionHandshakeBytes,
  maxExtensions,
  mergeExtensionHandshakes,
} from './extension.ts';
import type { ExtensionHandshake } from './extension.ts';

const full = {
  ids: new Map([
    ['lt_donthave', 1],
    ['ut_metadata', 2],
  ]),
  version: 'Swarmproof 0.1',
  listenPort: 6881,
  reqq: 500,
  metadataSize: 31_235,
  uploadOnly: true,
};
const fullText =
  'd1:md11:lt_donthavei1e11:ut_metadatai2ee13:metadata_sizei31235e1:pi6881e4:reqqi500e11:upload_onlyi1e1:v14:Swarmproof 0.1e';

describe('extension handshake', () => {
  it('is this dictionary, in both directions', () => {
    expect(encodeExtensionHandshake(full)).toEqual(fromLatin1(fullText));
    expect(decodeExtensionHandshake(fromLatin1(fullText))).toEqual(full);
  });

  it.each([
    ['de', {}],
    ['d1:mi5ee', {}],
    ['d1:md1:ai-1e1:bi256e1:cdee1:dli1eeee', {}],
    [`d1:md65:${'m'.repeat(65)}i1eee`, {}],
    ['d1:vi5ee', {}],
    ['d1:v2:\xff\xfee', {}],
    [`d1:v200:${'v'.repeat(200)}e`, {}],
    ['d1:p3:abce', {}],
    ['d4:reqqi99999999999999999999ee', {}],
    ['d13:metadata_sizei2147483648ee', {}],
    ['d11:upload_only1:1e', {}],
    ['d1:pi1e1:mdee', { listenPort: 1 }],
    ['d1:pi0ee', {}],
    ['d1:pi70000ee', {}],
    ['d13:metadata_sizei-1ee', {}],
    ['d13:metadata_sizei4294967296ee', {}],
    ['d4:reqqi0ee', { reqq: 1 }],
    ['d4:reqqi-5ee', { reqq: 1 }],
    ['d4:reqqi999999999ee', { reqq: 10_000 }],
    ['d1:v3:abce trailing', { version: 'abc' }],
    ['d11:upload_onlyi0ee', { uploadOnly: false }],
  ])('reads %s and leaves out what makes no sense', (text, fields) => {
    expect(decodeExtensionHandshake(fromLatin1(text))).toEqual({ ids: new Map(), ...fields });
  });

  it.each(['', 'le', 'i5e', 'd', 'd1:m', '4:spam', 'l'.repeat(5_000)])('refuses %s', (text) => {
    expect(() => decodeExtensionHandshake(fromLatin1(text))).toThrow(WireError);
  });

  it('refuses one that is too long before reading it', () => {
    const payload = new Uint8Array(maxExtensionHandshakeBytes + 1);
    expect(() => decodeExtensionHandshake(payload)).toThrow(WireError);
  });

  it('believes in no more names than anybody needs', () => {
    const names = Array.from({ length: 500 }, (_, i) => `3:${String(i).padStart(3, '0')}i1e`);
    const { ids } = decodeExtensionHandshake(fromLatin1(`d1:md${names.join('')}ee`));
    expect(ids.size).toBe(maxExtensions);
  });

  it('throws nothing but its own error, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (payload) => {
        try {
          decodeExtensionHandshake(payload);
        } catch (error) {
          expect(error).toBeInstanceOf(WireError);
        }
      }),
    );
  });

  it('decode undoes encode', () => {
    fc.assert(
      fc.property(handshake, (hello) => {
        expect(decodeExtensionHandshake(encodeExtensionHandshake(hello))).toEqual(hello);
      }),
    );
  });

  it('said again changes what it names, takes back what it names with 0, and leaves the rest', () => {
    const more = { ids: new Map(Object.entries({ ut_metadata: 0, ut_pex: 7 })), uploadOnly: false };
    expect(mergeExtensionHandshakes(full, more)).toEqual({
      ...full,
      ids: new Map(Object.entries({ lt_donthave: 1, ut_pex: 7 })),
      uploadOnly: false,
    });
  });

  it('said again and again names no more than anybody needs', () => {
    let all: ExtensionHandshake = { ids: new Map() };
    for (let i = 0; i < 500; i += 1)
      all = mergeExtensionHandshakes(all, { ids: new Map([[`x${i}`, 1]]) });
    expect(all.ids.size).toBe(maxExtensions);
  });
});

const handshake: fc.Arbitrary<ExtensionHandshake> = fc.record(
  {
    ids: fc
      .array(fc.tuple(fc.stringMatching(/^[a-z_\xff]{1,12}$/), fc.nat({ max: 255 })))
      .map((entries) => new Map(entries)),
    version: fc.string({ maxLength: 30 }),
    listenPort: fc.integer({ min: 1, max: 65_535 }),
    reqq: fc.integer({ min: 1, max: 10_000 }),
    metadataSize: fc.integer({ min: 1, max: 2 ** 22 }),
    uploadOnly: fc.boolean(),
  },
  { requiredKeys: ['ids'] },
);
