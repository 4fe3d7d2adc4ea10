import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { InfoHash } from './ids.ts';
import { type Magnet, MagnetError, formatMagnet, parseMagnet } from './magnet.ts';

const hex = 'c12fe1c06bba254a9dc9f519b335aa7c1367a88a';
const base32 = 'YEX6DQDLXISUVHOJ6UM3GNNKPQJWPKEK';
const bare: Magnet = {
  infoHash: InfoHash(hex),
  trackers: [],
  webSeeds: [],
  peers: [],
  selectOnly: [],
};
const start = `magnet:?xt=urn:btih:${hex}`;

// Each row is checked in both directions.
const golden: readonly (readonly [string, Magnet])[] = [
  [start, bare],
  [`${start}&dn=a%20b%26%c3%a4%25`, { ...bare, name: 'a b&ä%' }],
  [`${start}&xl=20000`, { ...bare, length: 20_000 }],
  [
    `${start}&tr=http%3a%2f%2fa%2f%3fx%3d1&tr=udp%3a%2f%2fb%3a1`,
    { ...bare, trackers: ['http://a/?x=1', 'udp://b:1'] },
  ],
  [`${start}&ws=https%3a%2f%2fa%2f`, { ...bare, webSeeds: ['https://a/'] }],
  [
    `${start}&x.pe=127.0.0.1%3a6881&x.pe=%5b%3a%3a1%5d%3a80`,
    {
      ...bare,
      peers: [
        { ip: '127.0.0.1', port: 6881 },
        { ip: '::1', port: 80 },
      ],
    },
  ],
  [
    `${start}&so=0%2c4%2c6-8`,
    {
      ...bare,
      selectOnly: [
        { first: 0, last: 0 },
        { first: 4, last: 4 },
        { first: 6, last: 8 },
      ],
    },
  ],
];

describe('magnet links', () => {
  it.each(golden)('%s', (link, magnet) => {
    expect(parseMagnet(link)).toEqual(magnet);
    expect(formatMagnet(magnet)).toBe(link);
  });

  it.each([
    `magnet:?xt=urn:btih:${base32}`,
    `magnet:?xt=urn:btih:${base32.toLowerCase()}`,
    `MAGNET:?dn=x&XT=URN:BTIH:${hex.toUpperCase()}`,
    `magnet:?xt.1=urn:btmh:1220aa&xt.2=urn:btih:${hex}`,
  ])('reads the info hash of %s', (link) => {
    expect(parseMagnet(link).infoHash).toBe(hex);
  });

  it.each([
    ['tr=file%3A%2F%2F%2Fetc', bare],
    ['tr.1=http://a/&tr.2=http://b/', { ...bare, trackers: ['http://a/', 'http://b/'] }],
    ['dn=a+b', { ...bare, name: 'a b' }],
    ['x.pe=host.example:80&x.pe=1.2.3.4:0&x.pe=1.2.3.4:65536&x.pe=1.2.3.4&x.pe=[1.2.3.4', bare],
    ['x.pe=[0:0:0:0:0:0:0:1]:80', { ...bare, peers: [{ ip: '::1', port: 80 }] }],
    ['so=,x,3-1,1-2-3,-1,99999999999999999999,5', { ...bare, selectOnly: [{ first: 5, last: 5 }] }],
    ['xl=-1', bare],
    ['xl=9007199254740993', bare],
    ['unknown=1&&novalue&__proto__=1', bare],
  ])('makes what sense it can of %s', (rest, magnet) => {
    expect(parseMagnet(`${start}&${rest}`)).toEqual(magnet);
  });

  it.each([
    ['http://a/', 'not-a-magnet'],
    ['', 'not-a-magnet'],
    ['magnet:?dn=x', 'no-info-hash'],
    ['magnet:?xt=urn:sha1:YEX6', 'no-info-hash'],
    ['magnet:?xt=urn:btmh:1220aa', 'unsupported-version'],
    ['magnet:?xt=urn:btih:', 'bad-info-hash'],
    [`magnet:?xt=urn:btih:${hex}0`, 'bad-info-hash'],
    [`magnet:?xt=urn:btih:${base32.slice(1)}1`, 'bad-info-hash'],
    [`${start}&dn=%`, 'bad-escape'],
    [`${start}&dn=%2`, 'bad-escape'],
    [`${start}&dn=%zz`, 'bad-escape'],
    [`${start}&dn=%ff`, 'bad-escape'],
    [start + '&dn='.padEnd(65_536, 'x'), 'too-long'],
  ])('refuses %.70s: %s', (link, code) => {
    expect(codeOf(link)).toBe(code);
  });

  it('keeps a hundred trackers, seeds, peers and ranges, and takes the longest link there may be', () => {
    const many = (parameter: string) => `&${parameter}`.repeat(300);
    const rest = many('tr=http://a/') + many('ws=http://a/') + many('x.pe=1.2.3.4:5');
    const magnet = parseMagnet(`${start}${rest}&so=${'1,'.repeat(300)}`);
    const kept = [magnet.trackers, magnet.webSeeds, magnet.peers, magnet.selectOnly];
    expect(kept.map((list) => list.length)).toEqual([100, 100, 100, 100]);
    const escapes = '%41'.repeat((65_536 - start.length - 4) / 3);
    expect(parseMagnet(`${start}&dn=${escapes}`).name).toMatch(/^A{20000,}$/);
  });

  it('reading undoes writing', () => {
    fc.assert(
      fc.property(magnets, (magnet) => {
        expect(parseMagnet(formatMagnet(magnet))).toEqual(magnet);
      }),
    );
  });

  it('no text makes it throw anything but a MagnetError', () => {
    const soup = fc
      .array(
        fc.constantFrom(
          '&',
          '=',
          '%',
          '%4',
          '%41',
          'xt',
          'so',
          'x.pe',
          ':',
          '[',
          ']',
          '-',
          ',',
          '1',
          'ä',
          '+',
        ),
      )
      .map((parts) => `${start}&${parts.join('')}`);
    fc.assert(
      fc.property(fc.oneof(soup, fc.string({ unit: 'binary' })), (link) => {
        codeOf(link);
      }),
    );
  });
});

function codeOf(link: string): string | undefined {
  try {
    parseMagnet(link);
    return undefined;
  } catch (error) {
    if (error instanceof MagnetError) return error.code;
    throw error;
  }
}

const port = fc.integer({ min: 1, max: 65_535 });
const ranges = fc.tuple(fc.nat(), fc.nat()).map(([first, more]) => ({ first, last: first + more }));
const magnets: fc.Arbitrary<Magnet> = fc
  .record({
    infoHash: fc.stringMatching(/^[0-9a-f]{40}$/).map(InfoHash),
    trackers: fc.array(fc.constantFrom('http://a/?b=c&d', 'udp://[::1]:9/x')),
    webSeeds: fc.array(fc.constant('https://w/%20')),
    peers: fc.array(fc.record({ ip: fc.constantFrom('1.2.3.4', 'fe80::1'), port })),
    selectOnly: fc.array(ranges),
  })
  .chain((magnet) =>
    fc
      .record({ name: fc.string({ unit: 'grapheme' }), length: fc.nat() }, { requiredKeys: [] })
      .map((options) => ({ ...magnet, ...options })),
  );
