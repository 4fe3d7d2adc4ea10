import { describe, expect, it } from 'vitest';
import { microMeasurements, type MicroReport } from './micro.ts';

const report = (median: number): MicroReport => ({
  files: [
    {
      groups: [
        {
          fullName: 'core/wire/framer.bench.ts > a framer',
          benchmarks: [
            { name: 'cuts', median },
            { name: 'waits', median: 2 * median },
          ],
        },
      ],
    },
  ],
});

describe('a report of small benches', () => {
  it('gives each of them a figure in microseconds, with a value for each round', () => {
    expect(microMeasurements([report(0.001), report(0.003)])).toEqual([
      {
        ...{ bench: 'micro: a framer', subject: 'swarmproof', metric: 'cuts, us' },
        values: [1, 3],
      },
      {
        ...{ bench: 'micro: a framer', subject: 'swarmproof', metric: 'waits, us' },
        values: [2, 6],
      },
    ]);
  });
});
