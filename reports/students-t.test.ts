import { describe, expect, it } from 'vitest';
import { criticalT, twoSidedChance } from './students-t.ts';

describe("Student's t", () => {
  // As printed in the usual tables, two-sided.
  it.each([
    [0.05, 1, 12.706],
    [0.05, 2, 4.303],
    [0.05, 4, 2.776],
    [0.05, 9, 2.262],
    [0.05, 29, 2.045],
    [0.05, 120, 1.98],
    [0.05, 100_000, 1.96],
    [0.01, 5, 4.032],
    [0.001, 10, 4.587],
    [0.2, 3, 1.638],
  ])('has its critical values for a chance of %f and %i degrees of freedom', (chance, df, t) => {
    expect(criticalT(chance, df)).toBeCloseTo(t, 3);
    expect(twoSidedChance(t, df)).toBeCloseTo(chance, 3);
  });

  it('is the Cauchy distribution with one degree of freedom', () => {
    for (const t of [0.1, 1, 3, 50])
      expect(twoSidedChance(t, 1)).toBeCloseTo(1 - (2 / Math.PI) * Math.atan(t), 9);
  });

  it('is certain at 0, and looks away from no side', () => {
    expect(twoSidedChance(0, 7)).toBe(1);
    expect(twoSidedChance(-2, 7)).toBe(twoSidedChance(2, 7));
    expect(twoSidedChance(Infinity, 7)).toBe(0);
  });
});
