import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { randomStream } from '../random.ts';
import { nodeSha1 } from '../testing/tracker-torrents.ts';
import { type Instant, millis, start } from '../time.ts';
import { InfoHash, PeerId } from '../torrent/ids.ts';
import { type AnnounceRequest, encodeAnnounceQuery } from './announce.ts';
import { type HttpAnswer, answerHttp } from './http.ts';
import { QuickAnnounces } from './quick-announces.ts';
import { Registry } from './registry.ts';
import type { RegistryOptions } from './registry-options.ts';
import { seederOf } from '../testing/announces.ts';

const infoHash = InfoHash('aa'.repeat(20));
const seeding = seederOf(infoHash, { noPeerId: true });
const targetOf = (change: Partial<AnnounceRequest> = {}): string =>
  `/announce?${encodeAnnounceQuery({ ...seeding, ...change })}`;

type Asked = { readonly target: string; readonly remoteIp: string; readonly at: number };

/** Two trackers of the same seed: one that is quick where it can be, one that never is. */
class Twins {
  readonly #quickOne: Registry;
  readonly #other: Registry;
  readonly #quick: QuickAnnounces;
  quickAnswers = 0;

  constructor(options: Partial<RegistryOptions> = {}, tellsAnnounces = true) {
    this.#quickOne = new Registry(start, { ...parts(), options });
    this.#other = new Registry(start, { ...parts(), options });
    this.#quick = new QuickAnnounces({ registry: this.#quickOne, tellsAnnounces });
  }

  ask({ at, remoteIp, target }: Asked): { quick: HttpAnswer; other: HttpAnswer } {
    const request = { method: 'GET', target, remoteIp, body: new Uint8Array(), date: '' };
    const now = at as Instant;
    const quick = this.#quick.answer(now, request);
    if (quick !== undefined) this.quickAnswers += 1;
    return {
      quick: quick ?? answerHttp(this.#quickOne, now, request),
      other: answerHttp(this.#other, now, request),
    };
  }

  /** What both remember. */
  memories(at: number): [object, object] {
    const now = at as Instant;
    return [this.#quickOne.snapshot(now), this.#other.snapshot(now)];
  }
}

const parts = () => ({ random: randomStream(3, 'peers'), sha1: nodeSha1 });

describe('QuickAnnounces', () => {
  it('says and remembers what answerHttp would, byte for byte', () => {
    const request = fc.record({
      peer: fc.nat({ max: 11 }),
      torrent: fc.nat({ max: 1 }),
      left: fc.nat({ max: 1 }),
      event: fc.constantFrom('started', 'completed', 'stopped', 'paused', undefined),
      numwant: fc.constantFrom(0, 3, 50, undefined),
      key: fc.constantFrom('1f', undefined),
      isOdd: fc.nat({ max: 15 }).map((n) => n === 0),
      isSix: fc.boolean(),
      wait: fc.nat({ max: 4_000 }),
    });
    fc.assert(
      fc.property(fc.array(request, { maxLength: 40 }), fc.boolean(), (asked, hasSix) => {
        const twins = new Twins({ interval: millis(20_000), maxPeersPerSwarm: 9 });
        let at = 0;
        for (const { event, isOdd, isSix, key, left, numwant, peer, torrent, wait } of asked) {
          at += wait;
          const target = targetOf({
            infoHash: InfoHash(`a${torrent}`.repeat(20)),
            peerId: PeerId(peer.toString(16).padStart(2, '0').repeat(20)),
            left,
            ...(event !== undefined && { event }),
            ...(numwant !== undefined && { numwant }),
            ...(key !== undefined && { key }),
            ...(isOdd && { ip: '192.0.2.200' }),
          });
          const remoteIp = hasSix && isSix ? `2001:db8::${peer + 1}` : `192.0.2.${peer + 1}`;
          const { other, quick } = twins.ask({ target, remoteIp, at });
          expect(quick).toEqual(other);
          expect(Buffer.from(quick.body).toString('latin1')).toBe(
            Buffer.from(other.body).toString('latin1'),
          );
        }
        const [own, others] = twins.memories(at);
        expect(own).toEqual(others);
      }),
    );
  });

  it('is what answers every usual announce', () => {
    const twins = new Twins();
    for (const event of ['started', 'completed', 'stopped'] as const)
      twins.ask({ target: targetOf({ event, numwant: 50 }), remoteIp: '192.0.2.1', at: 0 });
    expect(twins.quickAnswers).toBe(3);
  });

  it.each([
    ['a scrape', '/scrape?info_hash=a', '192.0.2.1'],
    ['an announce for dictionaries', targetOf({ compact: false }), '192.0.2.1'],
    ['an announce that is wrong', targetOf({ port: 0 }), '192.0.2.1'],
    ['an announce from nowhere', targetOf(), 'unix'],
    ['what is too long', `${targetOf()}&${'x'.repeat(8_192)}`, '192.0.2.1'],
  ])('leaves %s to answerHttp', (_, target, remoteIp) => {
    const twins = new Twins();
    const { other, quick } = twins.ask({ target, remoteIp, at: 0 });
    expect(quick).toEqual(other);
    expect(twins.quickAnswers).toBe(0);
  });

  it('leaves all to answerHttp where answers have a tracker id', () => {
    const twins = new Twins({ trackerId: 'me' });
    twins.ask({ target: targetOf(), remoteIp: '192.0.2.1', at: 0 });
    expect(twins.quickAnswers).toBe(0);
  });

  it('tells no news of announces where nobody wants them', () => {
    const twins = new Twins({}, false);
    const { other, quick } = twins.ask({ target: targetOf(), remoteIp: '192.0.2.1', at: 0 });
    expect(other.news).toBeDefined();
    expect(quick).not.toHaveProperty('news');
  });
});
