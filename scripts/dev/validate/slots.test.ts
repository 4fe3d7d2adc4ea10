import { describe, expect, it } from 'vitest';
import { slotVerdicts } from './slot-claims.ts';
import { fewestSlots, slotsNeeded } from './slots.ts';

describe('slotsNeeded', () => {
  it('is what can be reached at best when there is nothing to choose', () => {
    // One piece: the holders double with each slot.
    for (const leechers of [1, 2, 3, 7, 8, 100])
      expect(slotsNeeded({ leechers, pieces: 1, policy: 'rarest-first', seed: 1 })).toBe(
        1 + Math.floor(Math.log2(leechers)),
      );
  });

  it('comes within two parts in a hundred of that when the rarest piece goes first', () => {
    const shape = { leechers: 100, pieces: 100 };
    const slots = slotsNeeded({ ...shape, policy: 'rarest-first', seed: 1 });
    expect(slots).toBeGreaterThanOrEqual(fewestSlots(shape));
    expect(slots / fewestSlots(shape)).toBeLessThanOrEqual(1.02);
    expect(slotsNeeded({ ...shape, policy: 'random', seed: 1 })).toBeGreaterThan(slots);
  });
});

describe('slotVerdicts', () => {
  it('all hold', () => {
    const broken = slotVerdicts('small', 5).filter(({ held }) => held !== true);
    expect(broken.map(({ says, values }) => [says, ...values])).toEqual([]);
  });
});
