import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseMetainfo } from '../../core/torrent/metainfo.ts';
import { sha1 } from '../../core/net/hash.ts';
import { makeContent } from './content.ts';
import { comparisonsOf, type Measurement, spreadOf } from './measurement.ts';
import type { Contestant } from './participants/contestant.ts';
import { costBetween, costOf, parseCost } from './process-cost.ts';
import { chartOf } from './report/chart.ts';
import { tableOf } from './report/table.ts';
import { pageOf } from './report/write-bench-report.ts';
import { nameOf, pairsOf } from './swarm/pair.ts';

const measured = (subject: string, values: readonly number[]): Measurement => ({
  ...{ bench: 'race', metric: 'MB/s' },
  subject,
  values,
});
const race = [measured('ours', [10, 30, 20]), measured('theirs', [10, 10, 40])];

describe('what a process costs', () => {
  it('is read from behind a name that may hold anything', () => {
    const stat = `7 (a) 1 2) S ${Array.from({ length: 40 }, (_, i) => i * 10).join(' ')}\n`;
    const status = 'Name:\tnode\nVmHWM:\t  2048 kB\nVmRSS:\t 9 kB\nRssAnon:\t    1024 kB\n';
    expect(parseCost(stat, status)).toEqual({
      ...{ userSeconds: 1, systemSeconds: 1.1 },
      ...{ peakBytes: 2 * 2 ** 20, privateBytes: 2 ** 20 },
    });
  });

  it('is what was used between two looks, and the memory of the second', () => {
    const cost = (scale: number) => ({
      ...{ userSeconds: scale, systemSeconds: 2 * scale, peakBytes: 3 * scale },
      privateBytes: 4 * scale,
    });
    expect(costBetween(cost(10), cost(15))).toEqual({
      ...{ userSeconds: 5, systemSeconds: 10, peakBytes: 45, privateBytes: 60 },
    });
  });

  it('is that of this very process, too', async () => {
    const { peakBytes, userSeconds } = await costOf(process.pid);
    expect(peakBytes).toBeGreaterThan(10 * 2 ** 20);
    expect(userSeconds).toBeGreaterThan(0);
  });
});

describe('figures of a bench', () => {
  it('are medians with quartiles, so that one run proves nothing', () => {
    expect(spreadOf([5, 1, 2, 3, 100])).toEqual({ median: 3, low: 2, high: 5, runs: 5 });
  });

  it('hold each program against every other', () => {
    expect(comparisonsOf(race)).toEqual([
      {
        ...{ bench: 'race', subject: 'ours', against: 'theirs', metric: 'MB/s' },
        ...{ median: 20, againstMedian: 10, ratio: 2, runs: 3 },
      },
      {
        ...{ bench: 'race', subject: 'theirs', against: 'ours', metric: 'MB/s' },
        ...{ median: 10, againstMedian: 20, ratio: 0.5, runs: 3 },
      },
    ]);
  });

  it('are held against their goal as against another program', () => {
    const [within, beyond] = comparisonsOf([
      { ...measured('ours', [1, 2, 3]), goal: { atMost: 4 } },
      { ...measured('ours', [1, 2, 3]), metric: 'peers', goal: { atLeast: 1 } },
    ]);
    expect(within).toMatchObject({ against: 'at most', againstMedian: 4, ratio: 0.5, runs: 3 });
    expect(beyond).toMatchObject({ against: 'at least', againstMedian: 1, ratio: 2 });
  });

  it('are not compared over benches or metrics', () => {
    const others = race.map((each, i) => ({ ...each, bench: `race ${i}` }));
    expect(comparisonsOf(others)).toEqual([]);
  });

  it('say in the table how much ours is of theirs', () => {
    expect(tableOf(race)).toMatch(/ours +MB\/s +20\.0 +15\.0\.\.25\.0 +3$/m);
    expect(tableOf(race)).toMatch(/theirs +MB\/s +10\.0 +10\.0\.\.25\.0 +3 +2\.00$/m);
  });

  it('are in the page and, as bars in proportion, in the chart', () => {
    const machine = { node: 'v20', cores: 2 } as unknown as Parameters<typeof pageOf>[1];
    expect(pageOf(race, machine)).toMatch(/\| ours \| theirs \| MB\/s \| 2\.00 \|/);
    expect(pageOf(race, machine)).toContain('| cores | 2 |');
    const widths = [...chartOf(race).matchAll(/<rect [^>]*width="([\d.]+)" height="17"/g)];
    const [ours = 0, theirs = 0] = widths.map(([, width]) => Number(width));
    expect(ours / theirs).toBeCloseTo(2);
  });
});

describe('one to one', () => {
  const program = (name: string): Contestant => ({
    name,
    holdsMany: false,
    isPresent: () => true,
    start: () => Promise.reject(new Error('not started')),
  });
  const all = ['ours', 'a', 'b'].map(program);

  it('plays each program with itself, and with ours in both roles when asked', () => {
    expect(pairsOf(all, false).map(nameOf)).toEqual(['ours', 'a', 'b']);
    expect(pairsOf(all, true).map(nameOf)).toEqual([
      ...['ours', 'a', 'b'],
      ...['ours to a', 'a to ours', 'ours to b', 'b to ours'],
    ]);
  });

  // The hash is also that of `head -c 3M /dev/zero | openssl enc -aes-128-ctr -K 0 -iv 0`.
  it('moves a file that is the same every time', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'swarmproof-bench-'));
    try {
      const order = { bytes: 3 * 2 ** 20, pieceLength: 2 ** 18 };
      const content = await makeContent(dir, order);
      expect(content.sha256).toBe(
        'd6fb2f558ade71f4c7bacfe1274620628655bfe084a9ae71020bfce3467cfecf',
      );
      const { pieceCount } = parseMetainfo(await readFile(content.torrentPath), { sha1 });
      expect(pieceCount).toBe(12);
    } finally {
      await rm(dir, { recursive: true });
    }
  });
});
