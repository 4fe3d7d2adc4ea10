/** `swarmproof sweep SCENARIO --seeds 1..1000`: many seeds in several processes, and which of them failed. */
import { availableParallelism } from 'node:os';
import { performance } from 'node:perf_hooks';
import type { Outcome } from '../../reports/series.ts';
import type * as counting from '../../reports/series.ts';
import { type Command, defineCommand } from '../command-line/command.ts';
import type { Output } from '../command-line/output.ts';
import { stopRequest } from '../command-line/terminal.ts';
import { parseSeeds } from '../options/seeds.ts';
import { checkedCount, worldFlags } from '../options/world-flags.ts';
import type * as loading from '../scenario/load-scenario.ts';
import type * as sweeping from '../scenario/sweep.ts';
import type * as worlds from '../scenario/worlds.ts';
import { Bars } from '../show/bars.ts';
import { countText } from '../show/units.ts';
import type * as telling from './run-repeated.ts';

/** More processes than this wait for each other on any machine there is. */
const maxJobs = 256;

export const sweepCommand: Command = defineCommand({
  syntax: 'sweep <scenario>',
  describe: 'play a scenario with many seeds side by side; exits with 1 when any of them fails',
  positionals: {
    scenario: {
      type: 'string',
      demandOption: true,
      describe: 'a library name, or a .ts, .yaml or .json file',
    },
  },
  flags: {
    ...worldFlags,
    world: { ...worldFlags.world, default: 'virtual' },
    seeds: {
      type: 'string',
      requiresArg: true,
      default: '1..100',
      describe: 'which seeds: 1..1000, 7, or 1,5,9',
    },
    jobs: {
      type: 'number',
      requiresArg: true,
      default: availableParallelism(),
      defaultDescription: 'the cores',
      describe: 'processes side by side',
    },
  },
  examples: [
    ['sweep flash-crowd --seeds 1..1000 --jobs 2', 'a thousand swarms in virtual time'],
    ['sweep mine.yaml --seeds 1..200 --json > after.json', 'figures that `compare` reads'],
  ],
  run: async (args, { terminal, output }) => {
    using stop = stopRequest(terminal);
    const { signal } = stop;
    const { loadScenario, chooseWorld, sweep, seriesOf, tellSeries, exitOfSeries } = await bench();
    const seeds = parseSeeds(args.seeds);
    const jobs = checkedCount('jobs', args.jobs, maxJobs);
    const loaded = await loadScenario(args.scenario, args.set);
    const choice = chooseWorld(loaded.scenario, args);
    const { name } = loaded.scenario;
    output.say(`Playing ${name} with ${countText(seeds.length, 'seed')}, ${jobs} at a time ...`);
    const startedAt = performance.now();
    const outcomes = await withProgress(output, seeds.length, (onOutcome) =>
      sweep({ loaded, set: args.set, choice }, { seeds, jobs, signal, onOutcome }),
    );
    const wallSeconds = (performance.now() - startedAt) / 1_000;
    const fidelity = choice.world === 'virtual' ? choice.fidelity : null;
    const series = seriesOf(
      { scenario: name, world: choice.world, fidelity, wallSeconds },
      outcomes,
    );
    output.document(series);
    tellSeries(output, series);
    const perSec = (series.runs / wallSeconds).toFixed(2);
    output.say(
      `${series.runs} of ${seeds.length} seeds in ${wallSeconds.toFixed(1)} s, ${perSec}/s`,
    );
    return exitOfSeries(series, signal);
  },
});

/** See run.ts. */
const bench = async (): Promise<Bench> => ({
  ...(await import('../scenario/load-scenario.ts')),
  ...(await import('../scenario/worlds.ts')),
  ...(await import('../scenario/sweep.ts')),
  ...(await import('../../reports/series.ts')),
  ...(await import('./run-repeated.ts')),
});

type Bench = typeof loading & typeof worlds & typeof sweeping & typeof counting & typeof telling;

async function withProgress<Result>(
  output: Output,
  total: number,
  play: (onOutcome: (outcome: Outcome) => void) => Promise<Result>,
): Promise<Result> {
  using bars = new Bars(output);
  const bar = bars.add('seeds', total);
  let done = 0;
  let failed = 0;
  return await play(({ verdict }) => {
    done += 1;
    if (verdict !== 'passed') failed += 1;
    bar.update(done, `${done} of ${total}, ${failed} failed`);
  });
}
