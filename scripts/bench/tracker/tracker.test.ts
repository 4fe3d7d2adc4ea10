import { describe, expect, it } from 'vitest';
import type { LoadReport } from '../../load/load-tracker.ts';
import { Population, infoHashes } from '../../load/population.ts';
import { toHex } from '../../../core/bytes/hex.ts';
import { memoryMetrics, speedMetrics, type TrackerOutcome } from './tracker.ts';

const report: LoadReport = {
  ...{ url: 'udp://127.0.0.1:1', registered: 1_000, registrationSeconds: 1 },
  ...{ answers: 3_000, seconds: 2, announcesPerSec: 1_500, p50Ms: 1, p99Ms: 2, lost: 20 },
  wrong: [{ wrong: 'the asker himself', count: 10, example: 'torrent 0, peer 0' }],
};
const outcome: TrackerOutcome = {
  report,
  cost: { userSeconds: 0.3, systemSeconds: 0.1, peakBytes: 0, privateBytes: 3_000_000 },
  emptyBytes: 1_000_000,
};
const figures = (metrics: ReturnType<typeof speedMetrics>): Record<string, number> =>
  Object.fromEntries(metrics.map(({ metric, valueOf }) => [metric, valueOf(outcome)]));

describe('what a tracker is measured by', () => {
  it('counts registrations among the announces that cost, and tells what was wrong beside the speed', () => {
    expect(figures(speedMetrics())).toEqual({
      ...{ 'announces/s': 1_500, 'CPU us an announce': 100, 'p50 ms': 1, 'p99 ms': 2 },
      'lost or wrong, %': 1,
    });
  });

  it('takes off what it needed before anybody had announced', () => {
    expect(figures(memoryMetrics(1_000))).toMatchObject({ 'bytes a peer': 2_000 });
  });

  it('can be told of all torrents before they are announced', () => {
    const shape = { torrents: 7, peers: 2, addresses: [new Uint8Array(4)], isElsewhere: true };
    const population = new Population({ ...shape, seed: 5 });
    const announced = Array.from({ length: 7 }, (_, torrent) => {
      const bytes = new Uint8Array(22);
      population.writeInfoHash(torrent, bytes, 1);
      return toHex(bytes.subarray(1, 21));
    });
    expect(infoHashes(5, 7)).toEqual(announced);
    expect(new Set(announced).size).toBe(7);
  });
});
