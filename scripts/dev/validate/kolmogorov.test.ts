import { describe, expect, it } from 'vitest';
import { randomStream } from '../../../core/random.ts';
import { kolmogorovP } from './kolmogorov.ts';

const uniform = (value: number): number => Math.min(1, Math.max(0, value));

describe('kolmogorovP', () => {
  it('gives the published value at the usual limits', () => {
    // D = 1.36 / sqrt(n) is exceeded once in twenty samples, for large n.
    const count = 10_000;
    const shift = 1.36 / Math.sqrt(count);
    const values = Array.from({ length: count }, (_, i) => (i + 0.5) / count);
    const p = kolmogorovP(values, (value) => uniform(value + shift));
    expect(p).toBeGreaterThan(0.045);
    expect(p).toBeLessThan(0.055);
  });

  it('believes draws from the law and no others', () => {
    const random = randomStream(1, 'draws');
    const values = Array.from({ length: 500 }, () => random());
    expect(kolmogorovP(values, uniform)).toBeGreaterThan(0.01);
    expect(kolmogorovP(values, (value) => uniform(value) ** 1.3)).toBeLessThan(0.001);
  });
});
