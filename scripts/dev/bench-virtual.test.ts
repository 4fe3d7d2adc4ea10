import { describe, expect, it } from 'vitest';
import { blockBytes } from '../../core/torrent/pieces.ts';
import {
  type Figures,
  figuresOf,
  type Measured,
  slopeOf,
  slopesOf,
} from './bench-virtual/figures.ts';
import { nameOf, quickGrid, type Size } from './bench-virtual/grid.ts';
import { lineOf, reportOf } from './bench-virtual/report.ts';

const size: Size = { fidelity: 'elided', peers: 99, mebibytes: 10, series: 'peers' };
const goal: Size = { ...size, series: 'goal', limit: { seconds: 60, bytes: 1e9 } };
const measured: Measured = {
  ...{ verdict: 'passed', events: 500_000, virtualSeconds: 600, bytesSent: 1_000 * blockBytes },
  ...{ wallSeconds: 4, cpuSeconds: 5, peakBytes: 400e6 },
};

describe('bench of the virtual world', () => {
  it('finds the exponent of a power law, whatever stands before it', () => {
    const cubic = [1, 2, 5, 10].map((x): [number, number] => [x, 7 * x ** 3]);
    expect(slopeOf(cubic)).toBeCloseTo(3);
    expect(slopeOf(cubic.map(([x]) => [x, 4]))).toBeCloseTo(0);
  });

  it('knows no exponent of what was measured at one size only', () => {
    expect(slopeOf([[10, 3]])).toBeUndefined();
    expect(slopesOf([])).toEqual({ againstPeers: undefined, againstFileSize: undefined });
  });

  it('works costs out by processor time, and speed by the clock on the wall', () => {
    const figures = figuresOf(size, measured, 100e6);
    expect(figures.blocks).toBe(1_000);
    expect(figures.eventsPerSec).toBe(100_000);
    expect(figures.virtualPerRealSecond).toBe(150);
    expect(figures.cpuMicrosPerBlock).toBe(5_000);
    expect(figures.bytesPerPeer).toBe(3e6);
  });

  it.each([
    [{}, true],
    [{ wallSeconds: 61 }, false],
    [{ peakBytes: 1.1e9 }, false],
    [{ verdict: 'failed' }, false],
  ])('holds a run with %j against its goal', (change, isMet) => {
    expect(figuresOf(goal, { ...measured, ...change }, 0).isMet).toBe(isMet);
  });

  it('takes each slope from the runs that were played for it', () => {
    const runs = [1, 10, 100].flatMap((scale): Figures[] => [
      figuresOf({ ...size, peers: scale }, { ...measured, cpuSeconds: scale ** 2 }, 0),
      figuresOf(
        { ...size, mebibytes: scale, series: 'file size' },
        { ...measured, cpuSeconds: 3 * scale },
        0,
      ),
    ]);
    expect(slopesOf(runs).againstPeers).toBeCloseTo(2);
    expect(slopesOf(runs).againstFileSize).toBeCloseTo(1);
  });

  it('prints a line for each run, with what became of the goal', () => {
    const slow = figuresOf(goal, { ...measured, wallSeconds: 90 }, 0);
    const [head, first, second, ...rest] = reportOf([figuresOf(size, measured, 0), slow]).split(
      '\n',
    );
    expect(head).toMatch(/^ {2}run .* CPU us\/block/);
    expect(first).toMatch(/^ {2}elided, 99 x 10 MiB +passed .* 5000\.0 .* -$/);
    expect(second).toMatch(/missed \(60 s, 953\.7 MiB\)$/);
    expect(rest.join('\n')).toContain('to the power unknown');
  });

  it('says of a run at once what it cost', () => {
    expect(lineOf(figuresOf(size, measured, 0))).toBe(
      'elided, 99 x 10 MiB: passed, 5000.0 us a block, 381.5 MiB',
    );
  });

  it('plays enough sizes for both slopes', () => {
    const count = (series: Size['series']) =>
      new Set(quickGrid.filter((each) => each.series === series).map(nameOf)).size;
    expect(count('peers')).toBeGreaterThanOrEqual(3);
    expect(count('file size')).toBeGreaterThanOrEqual(3);
  });
});
