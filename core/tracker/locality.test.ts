import { createHash } from 'node:crypto';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { randomStream } from '../random.ts';
import { start } from '../time.ts';
import { InfoHash, PeerId } from '../torrent/ids.ts';
import type { AnnounceAnswer } from './announce.ts';
import type { Locality } from './locality.ts';
import { Registry } from './registry.ts';

const infoHash = InfoHash('00'.repeat(20));
/** 10.1.0.5 is in network 1; nobody knows what 192.168.0.1 is in. */
const networkOf = (ip: string): number | undefined =>
  ip.startsWith('10.') ? Number(ip.split('.')[1]) : undefined;

describe('a registry with biased neighbours', () => {
  it('names peers of the own network but for so many, in answers as long as can be', () => {
    const cases = fc.record({
      perNetwork: fc.array(fc.integer({ min: 1, max: 8 }), { minLength: 1, maxLength: 4 }),
      external: fc.nat({ max: 5 }),
      numwant: fc.nat({ max: 20 }),
      seed: fc.integer(),
    });
    fc.assert(
      fc.property(cases, ({ perNetwork, external, numwant, seed }) => {
        const tracker = new Tracker({ external, networkOf }, seed);
        perNetwork.forEach((count, network) => {
          for (let i = 0; i < count; i += 1) tracker.announce(`10.${network}.0.${i}`, 0);
        });
        const named = tracker.announce('10.0.0.0', numwant);
        const far = named.filter((ip) => networkOf(ip) !== 0);
        const others = perNetwork.slice(1).reduce((sum, count) => sum + count, 0);
        expect(new Set(named).size).toBe(named.length);
        expect(named).not.toContain('10.0.0.0');
        expect(far).toHaveLength(Math.min(external, others, numwant));
        const near = Math.min((perNetwork[0] ?? 0) - 1, numwant - far.length);
        expect(named).toHaveLength(far.length + near);
      }),
    );
  });

  it('names everybody alike to an address whose network it does not know', () => {
    const tracker = new Tracker({ external: 0, networkOf }, 1);
    for (const ip of ['10.1.0.1', '10.2.0.1', '10.3.0.1']) tracker.announce(ip, 0);
    expect(tracker.announce('192.168.0.1', 50)).toHaveLength(3);
  });

  it('names each of those that it may name equally often', () => {
    const tracker = new Tracker({ external: 1, networkOf }, 3);
    for (let i = 0; i < 10; i += 1)
      for (const network of [1, 2]) tracker.announce(`10.${network}.0.${i}`, 0);
    const counts = new Map<string, number>();
    for (let round = 0; round < 3_000; round += 1)
      for (const ip of tracker.announce('10.1.0.0', 4)) counts.set(ip, (counts.get(ip) ?? 0) + 1);
    // 3 of 9 neighbours and 1 of 10 strangers each time, with standard deviations of 26 and 16.
    for (const [ip, count] of counts)
      expect(Math.abs(count - (networkOf(ip) === 1 ? 1_000 : 300))).toBeLessThan(130);
    expect(counts.size).toBe(19);
  });
});

class Tracker {
  readonly #registry: Registry;

  constructor(locality: Locality, seed: number) {
    const random = randomStream(seed, 'tracker');
    const sha1 = (bytes: Uint8Array): Uint8Array => createHash('sha1').update(bytes).digest();
    this.#registry = new Registry(start, { locality, random, sha1 });
  }

  /** The addresses named in the answer. */
  announce(ip: string, numwant: number): string[] {
    const hex = [...ip].map((char) => char.charCodeAt(0).toString(16)).join('');
    const request = {
      infoHash,
      peerId: PeerId(hex.padEnd(40, '0').slice(0, 40)),
      port: 6881,
      uploaded: 0,
      downloaded: 0,
      left: 1,
      compact: true,
      noPeerId: true,
      numwant,
    } as const;
    const answer: AnnounceAnswer = this.#registry.handle(start, {
      type: 'announce',
      request,
      remoteIp: ip,
    });
    if ('failure' in answer) throw new Error(answer.failure);
    return answer.peers.map((peer) => peer.ip);
  }
}
