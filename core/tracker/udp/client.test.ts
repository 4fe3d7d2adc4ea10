import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { type Random, randomBelow, randomStream } from '../../random.ts';
import { nodeSha1 } from '../../testing/tracker-torrents.ts';
import { type Instant, after, millis, seconds, start } from '../../time.ts';
import { type Endpoint, InfoHash, PeerId } from '../../torrent/ids.ts';
import { Registry } from '../registry.ts';
import { encodeUdpAnswer } from './answer.ts';
import { UdpClient, type UdpClientOutput } from './client.ts';
import { type UdpQuestion, type UdpRequest, decodeUdpRequest } from './request.ts';
import { UdpTracker } from './tracker.ts';

const tracker: Endpoint = { ip: '192.0.2.9', port: 80 };
const infoHash = InfoHash('aa'.repeat(20));
const announcing = (n: number): UdpQuestion => ({
  type: 'announce',
  urlData: '/announce',
  request: {
    ...{ infoHash, peerId: PeerId(n.toString(16).padStart(40, '0')), port: n + 1, left: 1 },
    ...{ uploaded: 0, downloaded: 0, compact: true, noPeerId: true },
  },
});
const scraping: UdpQuestion = { type: 'scrape', infoHashes: [infoHash] };

describe('the examples of BEP 15', () => {
  it('normal announce', () => {
    const wire = new Wire();
    wire.ask(0, announcing(0));
    wire.answerConnect(1);
    wire.answerScrapeOrAnnounce(3);
    expect(wire.said).toEqual(['0 connect', '1 announce', '3 answered 0 announce']);
    expect(wire.client.deadline).toBeUndefined();
  });

  it('connect times out', () => {
    const wire = new Wire();
    wire.ask(0, announcing(0));
    wire.letPass(110);
    expect(wire.said).toEqual(['0 connect', '15 connect', '45 connect', '105 connect']);
  });

  it('announce times out', () => {
    const wire = new Wire();
    wire.ask(1, announcing(0));
    wire.answerConnect(2);
    wire.letPass(230);
    expect(wire.said).toEqual([
      '1 connect',
      '2 announce',
      '17 announce',
      '47 announce',
      '107 connect', // Because the connection id expired.
      '227 connect',
    ]);
  });

  it('multiple requests', () => {
    const wire = new Wire();
    wire.ask(0, announcing(0));
    wire.answerConnect(1);
    wire.answerScrapeOrAnnounce(3);
    wire.ask(4, announcing(1));
    wire.answerScrapeOrAnnounce(5);
    wire.ask(60, announcing(2));
    wire.answerScrapeOrAnnounce(61);
    for (const question of [announcing(3), scraping, scraping, announcing(4)])
      wire.ask(62, question);
    wire.answerConnect(63);
    expect(wire.said.slice(3)).toEqual([
      ...['4 announce', '5 answered 1 announce', '60 announce', '61 answered 2 announce'],
      ...['62 connect', '63 announce', '63 scrape', '63 scrape', '63 announce'],
    ]);
  });

  it('waits 15 * 2^n seconds, up to n = 8', () => {
    const wire = new Wire();
    wire.ask(0, announcing(0));
    wire.letPass(16_000);
    const times = wire.said.map((line) => Number.parseInt(line, 10));
    const waits = times.slice(1).map((time, i) => time - (times[i] ?? 0));
    expect(waits).toEqual([15, 30, 60, 120, 240, 480, 960, 1_920, 3_840, 3_840, 3_840]);
  });
});

describe('UdpClient', () => {
  it('leaves a silent tracker alone, whoever has given up and asks again', () => {
    const wire = new Wire();
    wire.ask(0, announcing(0));
    wire.letPass(50);
    wire.handle(50, { type: 'give-up', id: 0 });
    wire.ask(55, announcing(1));
    wire.letPass(110);
    expect(wire.said).toEqual(['0 connect', '15 connect', '45 connect', '105 connect']);
    wire.answerConnect(111);
    expect(wire.said.at(-1)).toBe('111 announce');
    wire.letPass(126);
    expect(wire.said.at(-1)).toBe('126 announce'); // It has spoken: patience begins anew.
  });

  it('hears nobody but whom it asked, and only what answers its questions', () => {
    const wire = new Wire();
    wire.ask(0, scraping);
    const [connect] = wire.sent;
    const { transactionId } = connect as UdpRequest;
    const connectionId = { high: 1, low: 2 };
    const answer = encodeUdpAnswer({ type: 'connect', transactionId, connectionId }, 'peers');
    for (const from of [
      { ip: '192.0.2.10', port: 80 },
      { ip: '192.0.2.9', port: 81 },
    ])
      wire.handle(1, { type: 'datagram', from, bytes: answer });
    const wrong = [
      { type: 'connect', transactionId: transactionId ^ 1, connectionId },
      { type: 'scrape', transactionId, entries: [] },
      { type: 'error', transactionId: transactionId ^ 1, message: 'no' },
    ] as const;
    for (const each of wrong) wire.hear(1, encodeUdpAnswer(each, 'peers'));
    for (const length of [0, 7, 15]) wire.hear(1, answer.subarray(0, length));
    expect(wire.said).toEqual(['0 connect']);
    wire.hear(1, answer);
    wire.hear(1, answer);
    expect(wire.said).toEqual(['0 connect', '1 scrape']);
    const scrape = wire.sent.at(-1) as UdpRequest;
    expect(scrape).toMatchObject({ connectionId });
    const { transactionId: own } = scrape;
    wire.hear(
      2,
      encodeUdpAnswer(
        {
          type: 'announce',
          transactionId: own,
          interval: seconds(1),
          leechers: 1,
          seeders: 1,
          peers: [],
        },
        'peers',
      ),
    );
    wire.hear(2, encodeUdpAnswer({ type: 'scrape', transactionId, entries: [] }, 'peers'));
    expect(wire.said).toHaveLength(2);
    wire.hear(3, encodeUdpAnswer({ type: 'scrape', transactionId: own, entries: [] }, 'peers'));
    wire.hear(3, encodeUdpAnswer({ type: 'scrape', transactionId: own, entries: [] }, 'peers'));
    expect(wire.said.slice(2)).toEqual(['3 answered 0 scrape']);
  });

  it('takes an error for the answer, to a connect for all that waits for it', () => {
    const wire = new Wire();
    wire.ask(0, scraping);
    wire.ask(0, announcing(1));
    const { transactionId } = wire.sent[0] as UdpRequest;
    wire.hear(1, encodeUdpAnswer({ type: 'error', transactionId, message: 'full' }, 'peers'));
    expect(wire.said).toEqual(['0 connect', '1 answered 0 error', '1 answered 1 error']);
    expect(wire.client.deadline).toBeUndefined();
  });

  it('never throws, whatever comes', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 40 })), (datagrams) => {
        const wire = new Wire();
        wire.ask(0, scraping);
        for (const [i, bytes] of datagrams.entries()) wire.hear(i, bytes);
        expect(wire.said[0]).toBe('0 connect');
      }),
    );
  });

  it('gets every answer once from our tracker, over a wire that loses, doubles, delays and crosses', () => {
    fc.assert(
      fc.property(fc.nat(), fc.integer({ min: 1, max: 12 }), (seed, count) => {
        const answers = throughBadWeather(seed, count);
        expect(answers.map(({ id }) => id).sort((a, b) => a - b)).toEqual(
          Array.from({ length: count }, (_, i) => i),
        );
        for (const { id, answer } of answers)
          expect(answer.type).toBe(id % 3 === 0 ? 'scrape' : 'announce');
      }),
    );
  });
});

/** A client whose every word is written down, and somebody who answers by hand. Times are in seconds. */
class Wire {
  readonly client = new UdpClient(randomStream(1, 'transactions'));
  readonly said: string[] = [];
  readonly sent: UdpRequest[] = [];
  #asked = 0;

  handle(at: number, input: Parameters<UdpClient['handle']>[1]): void {
    const now = after(start, seconds(at));
    for (const output of this.client.handle(now, input)) {
      if (output.type === 'answered') {
        this.said.push(`${at} answered ${output.id} ${output.answer.type}`);
        continue;
      }
      expect(output.target).toEqual(tracker);
      const request = decodeUdpRequest(output.bytes);
      this.sent.push(request);
      this.said.push(`${at} ${request.type}`);
    }
    expect((this.client.deadline ?? Infinity) >= now).toBe(true);
  }

  ask(at: number, question: UdpQuestion): void {
    this.handle(at, { type: 'ask', id: this.#asked, tracker, question });
    this.#asked += 1;
  }

  hear(at: number, bytes: Uint8Array): void {
    this.handle(at, { type: 'datagram', from: tracker, bytes });
  }

  answerConnect(at: number): void {
    const { transactionId } = this.sent.findLast(({ type }) => type === 'connect') as UdpRequest;
    const connectionId = { high: at, low: at };
    this.hear(at, encodeUdpAnswer({ type: 'connect', transactionId, connectionId }, 'peers'));
  }

  answerScrapeOrAnnounce(at: number): void {
    const { transactionId, type } = this.sent.at(-1) as UdpRequest;
    const counts = { interval: seconds(9), leechers: 0, seeders: 0 };
    const answer =
      type === 'scrape'
        ? ({ type, transactionId, entries: [] } as const)
        : ({ type: 'announce', transactionId, ...counts, peers: [] } as const);
    this.hear(at, encodeUdpAnswer(answer, 'peers'));
  }

  letPass(until: number): void {
    for (
      let { deadline } = this.client;
      deadline !== undefined && deadline <= until * 1_000;
      { deadline } = this.client
    )
      this.handle(deadline / 1_000, { type: 'tick' });
  }
}

type Flying = { readonly at: Instant; readonly isAnswer: boolean; readonly bytes: Uint8Array };
type Heard = Extract<UdpClientOutput, { readonly type: 'answered' }>;

/** Machine against machine until all is answered. A third of all datagrams is lost, another comes twice, each when it will. */
function throughBadWeather(seed: number, count: number): Heard[] {
  const weather = new BadWeather(seed);
  for (let id = 0; id < count; id += 1) weather.ask(id, id % 3 === 0 ? scraping : announcing(id));
  while (weather.heard.length < count && weather.step());
  return weather.heard;
}

class BadWeather {
  readonly heard: Heard[] = [];
  readonly #random: Random;
  readonly #server: UdpTracker;
  readonly #client: UdpClient;
  readonly #flying: Flying[] = [];
  #now = start;

  constructor(seed: number) {
    this.#random = randomStream(seed, 'weather');
    const registry = new Registry(start, { random: this.#random, sha1: nodeSha1 });
    this.#server = new UdpTracker({ registry, secret: new Uint8Array(16) });
    this.#client = new UdpClient(this.#random);
  }

  ask(id: number, question: UdpQuestion): void {
    this.#tell({ type: 'ask', id, tracker, question });
  }

  /** The next thing that happens; false when nothing will, ever. */
  step(): boolean {
    this.#flying.sort((a, b) => a.at - b.at);
    const { deadline = Infinity as Instant } = this.#client;
    const first = this.#flying[0];
    this.#now = first === undefined || deadline < first.at ? deadline : first.at;
    if (this.#now === Infinity) return false;
    if (first === undefined || this.#now < first.at) this.#tell({ type: 'tick' });
    else this.#land(this.#flying.shift() as Flying);
    return true;
  }

  #land({ bytes, isAnswer }: Flying): void {
    if (isAnswer) return this.#tell({ type: 'datagram', from: tracker, bytes });
    const reply = this.#server.answer(this.#now, bytes, '192.0.2.1');
    if (reply !== undefined) this.#fly(true, reply.bytes);
  }

  #tell(input: Parameters<UdpClient['handle']>[1]): void {
    for (const output of this.#client.handle(this.#now, input))
      if (output.type === 'answered') this.heard.push(output);
      else this.#fly(false, output.bytes);
  }

  #fly(isAnswer: boolean, bytes: Uint8Array): void {
    for (let copies = randomBelow(this.#random, 3); copies > 0; copies -= 1) {
      const at = after(this.#now, millis(randomBelow(this.#random, 40_000)));
      this.#flying.push({ at, isAnswer, bytes });
    }
  }
}
