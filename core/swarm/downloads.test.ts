import { describe, expect, it } from 'vitest';
import type { Instant } from '../time.ts';
import { seconds } from '../time.ts';
import { FakeSwarm } from '../testing/fake-swarm.ts';

const quick = { requestLimit: seconds(4), snubbedAfter: seconds(2), announceEvery: seconds(2) };

describe('Downloads', () => {
  it('loses patience with whoever does not answer, whatever the clock shows', () => {
    for (const now of [0, -1_000_000]) {
      const swarm = new FakeSwarm({ bytes: 400_001, pieceLength: 65_536, seed: 4 });
      swarm.now = now as Instant;
      const silent = swarm.join({ has: 'all', options: quick });
      const leech = swarm.join({ has: 'nothing', options: { ...quick, maxBufferedBytes: 1 } });
      swarm.play(() => leech.disk.size > 0);
      silent.isGone = true;
      swarm.join({ has: 'all', options: quick });
      expect(swarm.play(() => leech.isComplete, 60_000)).toBe(true);
    }
  });
});
