import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import {
  type RunningTracker,
  type TrackerOptions,
  startTracker,
} from '../../core/net/tracker-server.ts';
import { minutes } from '../../core/time.ts';
import type { AnnounceSuccess } from '../../core/tracker/announce.ts';
import { decodeAnnounceAnswer, encodeAnnounceAnswer } from '../../core/tracker/announce-answer.ts';
import { type Played, play } from '../testing/fake-terminal.ts';

const ip = '127.42.12.1';
const small = ['--torrents', '20', '--peers', '30', '--numwant', '10', '--in-flight', '8'];

type Doctored = (answer: AnnounceSuccess, count: number) => AnnounceSuccess;

/** A tracker that answers announces as `doctored` says: `count` is how many there were. */
function lying(doctored: Doctored): Pick<TrackerOptions, 'disguise'> {
  let count = 0;
  return {
    disguise: (_, answer) => {
      const honest = decodeAnnounceAnswer(answer.body);
      if ('failure' in honest) return answer;
      count += 1;
      const body = encodeAnnounceAnswer(doctored(honest, count), { compact: true, noPeerId: true });
      return { ...answer, body };
    },
  };
}

const start = (options: Partial<TrackerOptions> = {}): Promise<RunningTracker> =>
  startTracker({ ip, port: 0, registry: { interval: minutes(30) }, ...options });

const load = (url: string, ...more: readonly string[]): Promise<Played> =>
  play(['load', 'tracker', url, ...small, '--time', '300ms', '--json', ...more]);

const wrongIn = ({ out }: Played): string[] => {
  const { wrong } = JSON.parse(out) as { wrong: readonly { wrong: string }[] };
  return wrong.map((tally) => tally.wrong);
};

describe('load tracker', () => {
  it('finds nothing wrong with a tracker that is right, over HTTP in both ways and over UDP', async () => {
    await using tracker = await start();
    const rounds = [
      [tracker.announceUrl],
      [tracker.announceUrl, '--no-keep-alive'],
      [tracker.udpAnnounceUrl ?? ''],
    ] as const;
    for (const [url, ...more] of rounds) {
      const played = await load(url, ...more);
      expect(played.exit, played.out + played.err).toBe(0);
      const report = JSON.parse(played.out) as Record<string, number>;
      expect(report).toMatchObject({ registered: 600, lost: 0, wrong: [] });
      expect(report['answers']).toBeGreaterThan(0);
      expect(report['p99Ms']).toBeGreaterThanOrEqual(report['p50Ms'] ?? 0);
    }
  });

  it.each<[string, string, Doctored]>([
    ['that names nobody', 'too few peers', (answer) => ({ ...answer, peers: [] })],
    [
      'that names one peer less than it could',
      'too few peers',
      (answer) => ({ ...answer, peers: answer.peers.slice(1) }),
    ],
    [
      'that names more than were wanted',
      'too many peers',
      (answer) => ({ ...answer, peers: [...answer.peers, ...answer.peers] }),
    ],
    [
      'that names a peer twice',
      'a peer twice',
      (answer) => ({ ...answer, peers: answer.peers.map(() => answer.peers[0] ?? nobody) }),
    ],
    [
      'that makes peers up',
      'a peer that does not exist',
      (answer) => ({ ...answer, peers: answer.peers.map(() => nobody) }),
    ],
    [
      'that counts wrongly now and then',
      'wrong counts',
      (answer, count) => ({ ...answer, seeders: (answer.seeders ?? 0) + Number(count % 50 === 0) }),
    ],
  ])('fails a tracker %s', async (_, wrong, doctored) => {
    await using tracker = await start(lying(doctored));
    const played = await load(tracker.announceUrl, '--seed', '7');
    expect(played.exit).toBe(1);
    expect(wrongIn(played)).toContain(wrong);
    expect(played.err).toMatch(/to repeat it: swarmproof load tracker \S+ .*--seed 7/);
  });

  it('fails a tracker that gives back the asker himself, or peers of another swarm', async () => {
    let askerPort = 0;
    const other = { ip: '', port: 0 };
    await using tracker = await start({
      disguise: (request, answer) => {
        askerPort = Number(/&port=(\d+)/.exec(request.target)?.[1]);
        return himself.disguise?.(request, answer) ?? answer;
      },
    });
    const himself = lying((answer, count) => {
      const [first = nobody, ...rest] = answer.peers;
      const peers = count % 2 === 0 ? [{ ...first, port: askerPort }, ...rest] : [other, ...rest];
      // All peers of this load share one address, so that a port names a peer of any swarm.
      Object.assign(other, { ...first, port: 1_024 + ((askerPort - 1_024 + 300) % 600) });
      return { ...answer, peers: peers.map((peer) => (peer.ip === '' ? nobody : peer)) };
    });
    const played = await load(tracker.announceUrl);
    expect(played.exit).toBe(1);
    expect(wrongIn(played)).toEqual(
      expect.arrayContaining(['the asker himself', 'a peer of another swarm']),
    );
  });

  it('fails a tracker over UDP that leaves the peers out, and tells an example', async () => {
    await using tracker = await start();
    const front = createSocket('udp4').bind(0, ip);
    const back = createSocket('udp4').bind(0, '127.88.0.1');
    await Promise.all([once(front, 'listening'), once(back, 'listening')]);
    let client = 0;
    front.on('message', (bytes, from) => {
      client = from.port;
      back.send(bytes, tracker.address.port, ip);
    });
    back.on('message', (bytes) => front.send(bytes.subarray(0, 20), client, '127.88.0.1'));
    const played = await play([
      ...['load', 'tracker', `udp://${ip}:${front.address().port}`, ...small],
      ...['--time', '300ms'],
    ]);
    expect(played.exit).toBe(1);
    expect(played.out).toMatch(/x too few peers \(torrent \d+, peer \d+: 0 peers, not 10\)/);
    front.close();
    back.close();
  });

  it('fails a tracker that refuses', async () => {
    await using tracker = await start({ registry: { publishedOnly: true } });
    for (const url of [tracker.announceUrl, tracker.udpAnnounceUrl ?? '']) {
      const played = await load(url);
      expect(played.exit).toBe(1);
      expect(wrongIn(played)).toEqual(['refused']);
    }
  });

  it('says that nobody is there', async () => {
    const played = await load(`http://${ip}:1/announce`);
    expect(played.exit).toBe(1);
    expect(played.out).toContain('"unreachable"');
  });

  it.each([
    [['load', 'tracker', 'ftp://127.0.0.1/'], /only http and udp/],
    [['load', 'tracker', 'http://[::1]:80/announce'], /only IPv4/],
    [['load', 'tracker', 'nowhere'], /not a URL/],
    [['load', 'peer', 'http://127.0.0.1/'], /tracker/],
    [['load', 'tracker', 'http://127.0.0.1/', '--peers', '0'], /--peers/],
  ])('refuses %j', async (words, reason) => {
    const played = await play(words);
    expect(played.exit).toBe(2);
    expect(played.err).toMatch(reason);
  });
});

const nobody = { ip: '10.9.8.7', port: 6881 };
