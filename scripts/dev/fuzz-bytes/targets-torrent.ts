/** Bencoding and text, and the smaller things that are written in them: resume state, magnet links. */
import type { BencodeValue } from '../../../core/bencode/value.ts';
import type { Sha1 } from '../../../core/torrent/ids.ts';
import { type Target, attempt, expectSame, expectTrue } from './target.ts';

/** A checksum that a changed input can meet. */
const noSha1: Sha1 = () => new Uint8Array(20);

const bencode: Target = {
  name: 'bencode',
  seeds: [
    'd1:ad2:bci5ee1:bl3:abci-5e4:abcdee',
    'li0ei-1ei9007199254740992ee',
    '0:',
    'd0:0:e',
    'i3e..',
  ],
  tokens: [
    'd',
    'l',
    'e',
    'i',
    '-',
    '0',
    ':',
    '1:a',
    '0:',
    'i0e',
    'i-0e',
    '00:',
    '03:abc',
    'le',
    'de',
    'd1:ai1e1:bi2ee',
  ],
  load: async () => {
    const { inspectBencode, decodeBencode } = await import('../../../core/bencode/decode.ts');
    const { encodeBencode } = await import('../../../core/bencode/encode.ts');
    const { BencodeError } = await import('../../../core/bencode/error.ts');
    return (bytes) => {
      const strict = attempt(BencodeError, () => decodeBencode(bytes));
      const lenient = attempt(BencodeError, () => inspectBencode(bytes, { mode: 'lenient' }));
      if (lenient instanceof BencodeError) {
        expectTrue(lenient.offset >= 0 && lenient.offset <= bytes.length, 'an offset outside');
        expectTrue(strict instanceof BencodeError, 'strict takes what lenient refuses');
        return lenient.code;
      }
      const { deviations, end, spanOf, value } = lenient;
      expectTrue(end <= bytes.length && countIn(value) <= bytes.length, 'more than there is');
      expectSame(spanOf(), { start: 0, end }, 'the whole lies elsewhere');
      const again = encodeBencode(value);
      expectSame(decodeBencode(again), value, 'other after being written');
      if (strict instanceof BencodeError) {
        expectTrue(
          deviations.some(({ code }) => code === strict.code),
          'refused for no reason',
        );
        return `lenient ${strict.code}`;
      }
      expectSame(deviations, [], 'strict takes what deviates');
      expectSame(Buffer.compare(again, bytes), 0, 'canonical, and written differently');
      return Array.isArray(value) ? 'list' : value instanceof Map ? 'dictionary' : typeof value;
    };
  },
};

/** All values and keys. */
function countIn(value: BencodeValue): number {
  const inside: readonly BencodeValue[] = Array.isArray(value)
    ? (value as readonly BencodeValue[])
    : value instanceof Map
      ? [...(value as ReadonlyMap<string, BencodeValue>).values()]
      : [];
  return inside.reduce((sum: number, item) => sum + countIn(item), 1);
}

const magnet: Target = {
  name: 'magnet',
  seeds: [
    `magnet:?xt=urn:btih:${'ab'.repeat(20)}&dn=a+b%20c&xl=5&tr=http%3A%2F%2Ft.example%2Fannounce&ws=http://w.example/&x.pe=1.2.3.4:80&x.pe=[::1]:81&so=0,2-4`,
    `MAGNET:?XT.1=urn:btih:${'a2'.repeat(16)}&tr.1=udp://t:1&xl=&so=-`,
    'magnet:?xt=urn:btmh:1220aa',
  ],
  tokens: [
    'xt=',
    'urn:btih:',
    'urn:btmh:',
    '&',
    '=',
    '%',
    '%41',
    '%c3%a9',
    '%ff',
    'dn=',
    'xl=',
    'tr=',
    'ws=',
    'x.pe=',
    'so=',
    '1-2',
    ',',
    '-',
    'http://h/',
    'udp://h:1',
    '[::]:1',
    '1.2.3.4:5',
    ':',
    '.1=',
    '+',
    '%00',
  ],
  load: async () => {
    const { formatMagnet, MagnetError, parseMagnet } =
      await import('../../../core/torrent/magnet.ts');
    return (bytes) => {
      const link = new TextDecoder().decode(bytes);
      const found = attempt(MagnetError, () => parseMagnet(link));
      if (found instanceof MagnetError) return found.code;
      expectTrue(
        found.selectOnly.every(({ first, last }) => first <= last),
        'a range backwards',
      );
      expectSame(parseMagnet(formatMagnet(found)), found, 'other after being written');
      return `${found.peers.length > 0} ${found.selectOnly.length > 0} ${found.trackers.length > 0}`;
    };
  },
};

const resume: Target = {
  name: 'resume',
  seeds: [
    `d4:body${encodedBody('d5:cleani1e5:fileslli5ei1eee4:have1:\x809:info hash20:' + 'h'.repeat(20) + '12:piece lengthi4e6:piecesi2ee')}4:sha120:${'\0'.repeat(20)}7:versioni1ee`,
  ],
  tokens: [
    '5:clean',
    '5:files',
    '4:have',
    '9:info hash',
    '12:piece length',
    '6:pieces',
    '4:body',
    '7:version',
    'i1e',
    'li1ei2ee',
    'l',
    'e',
    '0:',
    '1:\xc0',
    '2:\xff\x80',
  ],
  load: async () => {
    const { decodeResume, encodeResume } = await import('../../../core/torrent/resume.ts');
    return (bytes) => {
      const state = decodeResume(bytes, noSha1);
      if (state === undefined) return 'refused';
      expectSame(state.have.size, [...state.have.ones()].length, 'a count of other pieces');
      const back = decodeResume(encodeResume(state, noSha1), noSha1);
      expectSame(back?.have.toBytes(), state.have.toBytes(), 'other pieces after being written');
      expectSame({ ...back, have: 0 }, { ...state, have: 0 }, 'other after being written');
      return state.clean ? 'clean' : 'not clean';
    };
  },
};

function encodedBody(body: string): string {
  return `${body.length}:${body}`;
}

/** Text and bits, against what the platform makes of them. */
const utf8: Target = {
  name: 'utf8',
  seeds: [
    'plain',
    'é€😀',
    new Uint8Array([0xed, 0xa0, 0x80]),
    new Uint8Array([0xf4, 0x90, 0x80, 0x80, 0xc0, 0xaf]),
  ],
  tokens: [
    '\xc2\x80',
    '\xe0\xa0\x80',
    '\xf0\x90\x80\x80',
    '\xef\xbb\xbf',
    '\xff',
    '\0',
    '\xf4\x8f\xbf\xbf',
    '\xed\x9f\xbf',
    '\xee\x80\x80',
  ],
  load: async () => {
    const { decodeUtf8, encodeUtf8, fromLatin1, latin1 } =
      await import('../../../core/bytes/utf8.ts');
    const { printable } = await import('../../../core/torrent/printable.ts');
    const { portableName, unsafeReason } = await import('../../../core/torrent/path.ts');
    const platform = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
    return (bytes) => {
      expectSame(Buffer.compare(fromLatin1(latin1(bytes)), bytes), 0, 'latin1 that loses bytes');
      const text = decodeUtf8(bytes);
      const theirs = attempt(TypeError, () => platform.decode(bytes));
      if (text === undefined) {
        expectTrue(theirs instanceof TypeError, 'the platform reads it');
        return 'refused';
      }
      expectSame(text, theirs, 'the platform reads something else');
      expectSame(Buffer.compare(encodeUtf8(text), bytes), 0, 'other bytes when written');
      expectTrue(!/[\p{Cc}\p{Cf}]/u.test(printable(text)), 'printed as it is');
      if (unsafeReason(text) !== undefined) return 'no name';
      const name = portableName(text);
      expectSame(portableName(name), name, 'a portable name that is not');
      expectSame(unsafeReason(name), undefined, 'a portable name that leads out');
      expectTrue(encodeUtf8(name).length <= 255, 'a name too long');
      return name === text ? 'portable' : 'renamed';
    };
  },
};

export const torrentTargets: readonly Target[] = [bencode, magnet, resume, utf8];
