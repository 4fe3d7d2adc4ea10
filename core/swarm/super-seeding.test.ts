import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seconds } from '../time.ts';
import type { FakePeer, FakePeerSpec } from '../testing/fake-peer.ts';
import { FakeSwarm } from '../testing/fake-swarm.ts';

/** Property runs take seconds; a machine under load must not fail them. */
const slowMachineMs = 120_000;

const pieceLength = 32_768;
const quick = {
  rechokeEvery: seconds(1),
  optimisticEvery: seconds(3),
  requestLimit: seconds(10),
  announceEvery: seconds(2),
};
const upBytesPerSec = 100_000;
const asSuperSeed: FakePeerSpec = {
  has: 'all',
  options: { ...quick, seedPolicy: 'super', upBytesPerSec },
};
const asLeech: FakePeerSpec = { has: 'nothing', options: { ...quick, upBytesPerSec } };

describe('a super-seed', () => {
  it(
    'sends no piece twice before it has sent each once, and everybody completes',
    () => {
      const crowds = fc.record({
        seed: fc.integer(),
        pieces: fc.integer({ min: 1, max: 16 }),
        leeches: fc.integer({ min: 1, max: 6 }),
        uploadSlots: fc.integer({ min: 1, max: 4 }),
        maxConnections: fc.integer({ min: 2, max: 8 }),
        fast: fc.boolean(),
      });
      fc.assert(
        fc.property(crowds, ({ seed, pieces, leeches: count, ...changed }) => {
          const swarm = new FakeSwarm({ bytes: pieces * pieceLength - 1, pieceLength, seed });
          const source = swarm.join({
            has: 'all',
            options: { ...asSuperSeed.options, ...changed },
          });
          const leeches = Array.from({ length: count }, () =>
            swarm.join({ has: 'nothing', options: { ...asLeech.options, ...changed } }),
          );
          expect(swarm.play(() => leeches.every((leech) => leech.isComplete))).toBe(true);
          const served = source.of('served').map(({ piece }) => piece);
          expect(new Set(served.slice(0, pieces)).size).toBe(Math.min(pieces, served.length));
        }),
        { numRuns: 15 },
      );
    },
    slowMachineMs,
  );

  it('serves a lone leech about as fast as its line allows', () => {
    const swarm = swarmOf(1);
    swarm.join(asSuperSeed);
    const leech = swarm.join(asLeech);
    expect(swarm.play(() => leech.isComplete)).toBe(true);
    const leastMs = (swarm.content.length / upBytesPerSec) * 1_000;
    expect(swarm.now).toBeLessThan(leastMs * 1.1 + 1_000);
  });

  it('says that it has nothing, and then names pieces one by one', () => {
    const swarm = swarmOf(2);
    swarm.join(asSuperSeed);
    const leeches = [1, 2, 3].map(() => swarm.join(asLeech));
    expect(swarm.play(() => leeches.every((leech) => leech.of('unchoked').length > 0))).toBe(true);
    for (const leech of leeches) expect(seenAtSeed(leech)).toBeLessThan(3);
    expect(swarm.play(() => leeches.every((leech) => leech.isComplete))).toBe(true);
  });

  it('offers another peer what a guest was offered and left without', () => {
    const swarm = swarmOf(3);
    const seed = swarm.join(asSuperSeed);
    const guest = swarm.join(asLeech);
    expect(swarm.play(() => seed.of('served').length > 0)).toBe(true);
    guest.vanish();
    const other = swarm.join(asLeech);
    expect(swarm.play(() => other.isComplete)).toBe(true);
  });

  it('waits for nobody who wants none of what it is offered', () => {
    const swarm = swarmOf(4);
    const seed = swarm.join(asSuperSeed);
    const idle = swarm.join({ ...asLeech, options: { ...quick, uploadSlots: 0 } });
    swarm.play(() => seed.of('connected').length > 0);
    idle.feed({ type: 'pause', infoHash: swarm.infoHash });
    const leech = swarm.join(asLeech);
    expect(swarm.play(() => leech.isComplete)).toBe(true);
  });

  it('is a seed like others once every piece is out', () => {
    const swarm = swarmOf(5);
    swarm.join(asSuperSeed);
    const first = swarm.join(asLeech);
    expect(swarm.play(() => first.isComplete)).toBe(true);
    const late = swarm.join({ has: 'nothing', options: { ...asLeech.options, maxConnections: 1 } });
    expect(swarm.play(() => late.of('connected').length > 0)).toBe(true);
    swarm.play(() => false, 100);
    expect(seenAtSeed(late)).toBe(late.availability.length);
  });
});

const swarmOf = (seed: number): FakeSwarm =>
  new FakeSwarm({ bytes: 20 * pieceLength, pieceLength, seed });

/** Pieces that the leech knows somebody to hold. */
const seenAtSeed = (leech: FakePeer): number => leech.availability.filter((n) => n > 0).length;
