/** How the cost of our engine grows with what it is given: slopes on logarithmic axes. */
import { interleaved } from '../interleaved.ts';
import type { Measurement } from '../measurement.ts';
import { swarmproof } from '../participants/swarmproof.ts';
import { type Bench, runsAlone, type Setting } from '../setting.ts';
import { axesOf, type Axis } from './axes.ts';
import type { Costs } from './costs.ts';
import { slopeOf } from './slope.ts';

/** A little more than proportional, which is what n log n looks like. */
const goal = { atMost: 1.1 } as const;

export const growth: Bench = { name: 'growth', run };

async function run(setting: Setting): Promise<readonly Measurement[]> {
  const found: Measurement[] = [];
  for (const axis of axesOf(setting)) found.push(...(await along(axis, setting)));
  return found;
}

/** One run is a walk along all sizes, and gives one slope: what drifts meanwhile is in the spread of the slopes. */
async function along(axis: Axis, setting: Setting): Promise<readonly Measurement[]> {
  const trial = {
    subject: swarmproof.name,
    play: () => walk(axis),
    told: (costs: readonly Costs[]) =>
      costs.map(({ cpuSeconds }, i) => `${axis.sizes[i]}: ${cpuSeconds.toFixed(2)} s`).join(', '),
  };
  const outcomes =
    (await interleaved([trial], { ...setting, runs: runsAlone(setting) })).get(swarmproof.name) ??
    [];
  const figure = (metric: string, costOf: (costs: Costs) => number): Measurement => ({
    ...{ bench: `growth over ${axis.name}`, subject: swarmproof.name, metric, goal },
    values: outcomes.map((costs) =>
      slopeOf(costs.map((each, i) => ({ size: axis.sizes[i] ?? NaN, cost: costOf(each) }))),
    ),
  });
  return [
    figure('slope of CPU-s', ({ cpuSeconds }) => cpuSeconds),
    figure('slope of private memory', ({ privateBytes }) => privateBytes),
  ];
}

async function walk({ play, sizes }: Axis): Promise<readonly Costs[]> {
  const found: Costs[] = [];
  for (const size of sizes) found.push(await play(size));
  return found;
}
