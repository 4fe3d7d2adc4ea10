/** What trackers are asked, and what they answer. */
import { seconds } from '../../../core/time.ts';
import type { AnnounceAnswer } from '../../../core/tracker/announce.ts';
import { type Target, attempt, expectSame, expectTrue } from './target.ts';
import { asked, hash, parameters, textOf } from './tracker-samples.ts';

const announceQuery: Target = {
  name: 'announce-query',
  seeds: [
    `${asked}&event=started&compact=1&numwant=50&key=k&trackerid=t&ip=1.2.3.4&no_peer_id=1`,
    asked,
  ],
  tokens: parameters,
  load: async () => {
    const { decodeAnnounceQuery, encodeAnnounceQuery } =
      await import('../../../core/tracker/announce.ts');
    const { TrackerError } = await import('../../../core/tracker/error.ts');
    return (bytes) => {
      const found = attempt(TrackerError, () => decodeAnnounceQuery(textOf(bytes)));
      if (found instanceof TrackerError) return found.code;
      const counts = [found.uploaded, found.downloaded, found.left, found.numwant ?? 0];
      expectTrue(
        counts.every((n) => Number.isSafeInteger(n) && n >= 0),
        'a count that is none',
      );
      expectSame(decodeAnnounceQuery(encodeAnnounceQuery(found)), found, 'other when written');
      return `${found.event} ${Object.keys(found).length}`;
    };
  },
};

const scrapeQuery: Target = {
  name: 'scrape-query',
  seeds: [`info_hash=${hash}&info_hash=${'%42'.repeat(20)}`, '', 'info_hash=A'],
  tokens: ['info_hash=', hash, '&', '=', '%4', 'B'.repeat(20), '&a'.repeat(130)],
  load: async () => {
    const scrape = await import('../../../core/tracker/scrape.ts');
    const { TrackerError } = await import('../../../core/tracker/error.ts');
    return (bytes) => {
      const text = textOf(bytes);
      const found = attempt(TrackerError, () => scrape.decodeScrapeQuery(text));
      const url = scrape.scrapeUrl(text);
      expectTrue(url === undefined || url.includes('/scrape'), 'a scrape that is none');
      if (found instanceof TrackerError) return found.code;
      expectSame(
        scrape.decodeScrapeQuery(scrape.encodeScrapeQuery(found)),
        found,
        'other when written',
      );
      return `${Math.min(2, found.length)}`;
    };
  },
};

const announceAnswer: Target = {
  name: 'announce-answer',
  seeds: [
    'd8:completei1e10:downloadedi2e10:incompletei3e8:intervali1800e12:min intervali60e5:peers12:\x7f\0\0\x01\x1a\xe1\x7f\0\0\x02\x1a\xe16:peers618:' +
      '\x20'.repeat(18) +
      '10:tracker id1:t15:warning message2:hie',
    `d8:intervali5e5:peersld2:ip9:127.0.0.17:peer id20:${'p'.repeat(20)}4:porti80eed2:ip3:::14:porti81eed2:ip1:xeeee`,
    'd14:failure reason4:full8:retry in1:5e',
    'd14:failure reason2:no8:retry in5:nevere',
  ],
  tokens: [
    ...'5:peers 6:peers6 8:interval 8:complete 10:incomplete 10:downloaded 5:never i7e'.split(' '),
    ...[
      '12:min interval',
      '14:failure reason',
      '8:retry in',
      '10:tracker id',
      '15:warning message',
    ],
    ...['2:ip', '4:port', '7:peer id', 'd', 'l', 'e', 'i-1e', 'i99999999999999999999e'],
    ...['6:\x01\x02\x03\x04\x05\x06', '9:127.0.0.1', '3:::1'],
  ],
  load: async () => {
    const { decodeAnnounceAnswer, encodeAnnounceAnswer, maxAnswerPeers } =
      await import('../../../core/tracker/announce-answer.ts');
    const { TrackerError } = await import('../../../core/tracker/error.ts');
    const { isDialable } = await import('../../../core/tracker/ip.ts');
    return (bytes) => {
      const found = attempt(TrackerError, () => decodeAnnounceAnswer(bytes));
      if (found instanceof TrackerError) return found.code;
      const words = 'failure' in found ? found.failure : (found.warning ?? '');
      expectTrue(!/[\p{Cc}\p{Cf}]/u.test(words), 'words that are not fit to be shown');
      const ours = asOurs(found);
      const written = encodeAnnounceAnswer(ours, { compact: false, noPeerId: false });
      expectSame(decodeAnnounceAnswer(written), ours, 'other when written');
      if ('failure' in found) return `failure ${typeof found.retryIn}`;
      expectTrue(found.peers.length <= maxAnswerPeers, 'too many peers');
      expectTrue(found.peers.every(isDialable), 'a peer where nobody can be');
      const { interval } = found;
      expectTrue(
        interval === undefined || !Number.isNaN(interval),
        'an interval that is no number',
      );
      return `${found.peers.length > 0} ${Object.keys(found).join(' ')}`;
    };
  },
};

/** Without what no tracker of ours would say: absurd waits, and words of any length. */
function asOurs(answer: AnnounceAnswer): AnnounceAnswer {
  if ('failure' in answer) return { ...answer, failure: 'no' };
  const { interval, minInterval, warning, ...rest } = answer;
  const said = [interval, minInterval, warning].filter((value) => value !== undefined);
  return { ...rest, ...(said.length > 0 && { interval: seconds(said.length) }) };
}

const scrapeAnswer: Target = {
  name: 'scrape-answer',
  seeds: [
    `d5:filesd20:${'h'.repeat(20)}d8:completei1e10:downloadedi2e11:downloadersi1e10:incompletei3eeee`,
    'd14:failure reason2:noe',
    'd5:filesdee',
  ],
  tokens: [
    ...'5:files 8:complete 10:incomplete 10:downloaded 11:downloaders d e i1e i-1e'.split(' '),
    ...['14:failure reason', `20:${'g'.repeat(20)}`, '2:\xff\x1b'],
  ],
  load: async () => {
    const { decodeScrapeAnswer, encodeScrapeAnswer } =
      await import('../../../core/tracker/scrape.ts');
    const { TrackerError } = await import('../../../core/tracker/error.ts');
    return (bytes) => {
      const found = attempt(TrackerError, () => decodeScrapeAnswer(bytes));
      if (found instanceof TrackerError) return found.code;
      if ('failure' in found) return 'failure';
      expectSame(decodeScrapeAnswer(encodeScrapeAnswer(found)), found, 'other when written');
      return `${Math.min(2, found.files.size)}`;
    };
  },
};

const compact: Target = {
  name: 'compact',
  seeds: [
    '\x7f\0\0\x01\x1a\xe1\x01\x02\x03\x04\0\x50',
    '\0'.repeat(10) + '\xff\xff\x01\x02\x03\x04\0\x50',
    '\x20\x01' + '\0'.repeat(15) + '\x01\0\x50',
  ],
  tokens: ['\0\0\0\0\0\0', '\xff\xff', '\0\0\0\0\0\0\0\0\0\0\xff\xff', '\x20\x01\x0d\xb8'],
  load: async () => {
    const { decodeCompact, encodeCompact } = await import('../../../core/tracker/compact.ts');
    const mapped = (peer: Uint8Array): boolean =>
      peer.subarray(0, 10).every((byte) => byte === 0) && peer[10] === 0xff && peer[11] === 0xff;
    return (bytes) => {
      const four = bytes.subarray(0, bytes.length - (bytes.length % 6));
      expectSame(
        Buffer.compare(encodeCompact([...decodeCompact(bytes, 'peers')]).peers, four),
        0,
        'other when written',
      );
      const sixes = Array.from({ length: Math.floor(bytes.length / 18) }, (_, i) =>
        bytes.subarray(18 * i, 18 * i + 18),
      );
      const { peers, peers6 } = encodeCompact([...decodeCompact(bytes, 'peers6')]);
      const kept = Buffer.concat(sixes.filter((peer) => !mapped(peer)));
      const moved = Buffer.concat(sixes.filter(mapped).map((peer) => peer.subarray(12)));
      expectSame(
        [Buffer.compare(peers6, kept), Buffer.compare(peers, moved)],
        [0, 0],
        'other when written',
      );
      return `${kept.length > 0} ${moved.length > 0} ${four.length > 0}`;
    };
  },
};

const address: Target = {
  name: 'address',
  seeds: ['127.0.0.1', '2001:db8::1', '::ffff:1.2.3.4', '1:2:3:4:5:6:7:8', '::', 'fe80::1%eth0'],
  tokens: ['::', ':', '.', '0', '255', '256', 'ffff', '1.2.3.4', '00', '0:', 'g'],
  load: async () => {
    const ours = await import('../../../core/tracker/ip.ts');
    const others = await import('../../../core/bytes/ip.ts');
    const { isIP } = await import('node:net');
    return (bytes) => {
      const text = textOf(bytes);
      const found = ours.parseIp(text);
      expectSame(found !== undefined, others.parseIp(text) !== undefined, 'read in one place only');
      expectSame(
        found !== undefined,
        isIP(text) !== 0 && !text.includes('%'),
        'the platform disagrees',
      );
      if (found === undefined) return 'refused';
      const written = ours.formatIp(found);
      expectSame(others.formatIp(found), written, 'written in two ways');
      expectSame(ours.parseIp(written), found, 'other when written');
      expectSame(ours.canonicalIp(written), written, 'a canonical form that is not');
      return `${found.length} ${ours.isDialable({ ip: written, port: 1 })}`;
    };
  },
};

const torrentFile = `d4:infod6:lengthi3e4:name1:n12:piece lengthi2e6:pieces40:${'h'.repeat(40)}ee`;

const trackerHttp: Target = {
  name: 'tracker-http',
  seeds: [
    `GET /announce?${asked}\nGET /announce?${asked.replace('left=1', 'left=0').replace('ppp', 'qqq')}&event=completed\nGET /scrape?info_hash=${hash}\nGET /stats\nGET /torrents`,
    `POST /torrents ${torrentFile}\nGET /torrents/0.torrent\nGET /torrents\nPOST /torrents ${torrentFile}`,
    'POST /announce\nGET /nothing\nDELETE /torrents',
  ],
  tokens: [
    ...parameters,
    '\nGET /announce?',
    '\nGET /scrape?',
    '\nGET /torrents',
    '\nPOST /torrents ',
    '/0.torrent',
    '/stats',
    '?',
    '\n',
    ' ',
    torrentFile,
    `GET /announce?${asked}`,
  ],
  load: async () => (await import('./check-http.ts')).checkHttp,
};

const hex = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'hex'));
const udpAnnounce = `010203040506070800000001000000ff${'41'.repeat(40)}${'00'.repeat(31)}02${'00'.repeat(8)}ffffffff1ae1`;

const udpRequest: Target = {
  name: 'udp-request',
  seeds: [
    hex('00000417271019800000000012345678'),
    hex(`${udpAnnounce}02022f610100`),
    hex(`01020304050607080000000200000001${'42'.repeat(40)}`),
  ],
  tokens: ['\0\0\0\x01', '\0\0\0\x02', '\xff\xff\xff\xff', '\0\0\x04\x17', '\x02\xff', '\x01'],
  load: async () => {
    const { decodeUdpRequest, encodeUdpRequest } =
      await import('../../../core/tracker/udp/request.ts');
    const { TrackerError } = await import('../../../core/tracker/error.ts');
    return (bytes) => {
      const found = attempt(TrackerError, () => decodeUdpRequest(bytes));
      if (found instanceof TrackerError) return found.code;
      expectSame(decodeUdpRequest(encodeUdpRequest(found)), found, 'other when written');
      return found.type;
    };
  },
};

const udpAnswer: Target = {
  name: 'udp-answer',
  seeds: [
    hex('0000000000000005fffefdfc00000001'),
    hex('00000001000000050000070800000002ffffffff7f0000011ae10a0203040050'),
    hex('0000000200000005000000010000000200000003'),
    hex('00000003000000056e6f'),
  ],
  tokens: ['\0\0\0\x01', '\0\0\0\x02', '\0\0\0\x03', '\x7f\0\0\x01\x1a\xe1', '\x1b[2J'],
  load: async () => {
    const { decodeUdpAnswer, encodeUdpAnswer } =
      await import('../../../core/tracker/udp/answer.ts');
    const { TrackerError } = await import('../../../core/tracker/error.ts');
    return (bytes) => {
      const found = attempt(TrackerError, () => decodeUdpAnswer(bytes, 'peers'));
      if (found instanceof TrackerError) return found.code;
      if (found.type === 'error')
        expectTrue(!/[\p{Cc}\p{Cf}]/u.test(found.message), 'words that are not fit to be shown');
      // What is shown of a message is not what came, and no tracker of ours says to wait no time at all.
      const isOurs = found.type === 'announce' ? found.interval > 0 : found.type !== 'error';
      if (isOurs)
        expectSame(decodeUdpAnswer(encodeUdpAnswer(found, 'peers'), 'peers'), found, 'other');
      return found.type;
    };
  },
};

export const trackerTargets: readonly Target[] = [
  announceQuery,
  scrapeQuery,
  announceAnswer,
  scrapeAnswer,
  compact,
  address,
  trackerHttp,
  udpRequest,
  udpAnswer,
];
