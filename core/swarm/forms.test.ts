import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { sameBytes } from '../bytes/hex.ts';
import { millis, seconds } from '../time.ts';
import type { Form } from '../wire/saying.ts';
import type { FakePeerSpec } from '../testing/fake-peer.ts';
import { FakeSwarm } from '../testing/fake-swarm.ts';

const quick = {
  rechokeEvery: seconds(1),
  optimisticEvery: seconds(3),
  requestLimit: seconds(4),
  snubbedAfter: seconds(2),
  redialAfter: seconds(1),
  announceEvery: seconds(2),
  keepAliveEvery: millis(1_500),
};

const spec: fc.Arbitrary<FakePeerSpec> = fc
  .record({
    has: fc.oneof(
      fc.constantFrom('all' as const, 'nothing' as const),
      fc.uniqueArray(fc.nat({ max: 3 })),
    ),
    fast: fc.boolean(),
    lies: fc.boolean(),
    upBytesPerSec: fc.constantFrom(undefined, 100_000),
  })
  .map(({ has, fast, lies, upBytesPerSec }) => ({
    has,
    options: { ...quick, fast, upBytesPerSec },
    ...(lies && { tamper: (block: Uint8Array) => block.map((byte) => byte ^ 1) }),
  }));

describe('a whole swarm', () => {
  it('goes the same way whether its peers hear bytes or values', () => {
    fc.assert(
      fc.property(fc.array(spec, { maxLength: 4 }), fc.nat(), (specs, seed) => {
        expect(traceOf('values', seed, specs)).toEqual(traceOf('bytes', seed, specs));
      }),
      { numRuns: 25 },
    );
  });

  it('comes by the very bytes that were shared', () => {
    const swarm = new FakeSwarm({ bytes: 200_001, pieceLength: 65_536, seed: 1, form: 'values' });
    swarm.join({ has: 'all', options: quick });
    const leech = swarm.join({ has: 'nothing', options: quick });
    expect(swarm.play(() => leech.isComplete)).toBe(true);
    for (const [piece, bytes] of leech.disk)
      expect(sameBytes(bytes, swarm.content.subarray(piece * 65_536, (piece + 1) * 65_536))).toBe(
        true,
      );
  });
});

/** All that a seed, a leech and some others tell and ask in ten seconds. */
function traceOf(form: Form, seed: number, others: readonly FakePeerSpec[]): unknown {
  const swarm = new FakeSwarm({ bytes: 200_001, pieceLength: 65_536, seed, form });
  swarm.join({ has: 'all', options: quick });
  swarm.join({ has: 'nothing', options: quick });
  for (const other of others) swarm.join(other);
  swarm.play(() => false, 10_000);
  return swarm.peers.map((peer) => [peer.events, peer.announces, [...peer.disk.keys()]]);
}
