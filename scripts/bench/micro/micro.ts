/** The parts that run most often, each alone: what `npm run bench:micro` measures, put beside the other figures. */
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { packageFile, packageRoot } from '../../package-file.ts';
import { interleaved } from '../interleaved.ts';
import type { Measurement } from '../measurement.ts';
import { Child } from '../participants/child.ts';
import { swarmproof } from '../participants/swarmproof.ts';
import type { Bench, Setting } from '../setting.ts';

/** Framer, bencode, connection, picker and choker; what measures the disk and the virtual world is not of this bench. */
const folders = ['core/bencode', 'core/wire', 'core/peer', 'core/swarm'];

/** What of vitest's report is read here; times in milliseconds. */
export type MicroReport = {
  readonly files: readonly {
    readonly groups: readonly {
      readonly fullName: string;
      readonly benchmarks: readonly { readonly name: string; readonly median: number }[];
    }[];
  }[];
};

export const micro: Bench = { name: 'micro', run };

async function run(setting: Setting): Promise<readonly Measurement[]> {
  const trial = {
    subject: swarmproof.name,
    play: () => play(setting),
    told: (report: MicroReport) => `${timesIn(report).length} figures`,
  };
  // One round is thousands of samples already.
  const outcomes = await interleaved([trial], {
    ...setting,
    runs: setting.quick ? 1 : setting.runs,
  });
  return microMeasurements(outcomes.get(swarmproof.name) ?? []);
}

/** The median of each benchmark in microseconds a round, a value for each report. */
export function microMeasurements(reports: readonly MicroReport[]): readonly Measurement[] {
  const all = reports.map(timesIn);
  return (all[0] ?? []).map(({ group, name }) => ({
    ...{ bench: `micro: ${group}`, subject: swarmproof.name, metric: `${name}, us` },
    values: all.flatMap((times) =>
      times.filter((each) => each.group === group && each.name === name).map(({ us }) => us),
    ),
  }));
}

type Time = { readonly group: string; readonly name: string; readonly us: number };

const timesIn = ({ files }: MicroReport): readonly Time[] =>
  files.flatMap(({ groups }) =>
    groups.flatMap(({ benchmarks, fullName }) =>
      benchmarks.map(({ median, name }) => {
        return { group: fullName.split(' > ').at(-1) ?? fullName, name, us: median * 1_000 };
      }),
    ),
  );

async function play({ quick, scratch }: Setting): Promise<MicroReport> {
  const report = join(scratch, 'micro.json');
  const vitest = packageFile('node_modules', 'vitest', 'vitest.mjs');
  const words = ['bench', '--run', '--root', packageRoot, '--project', 'machines'];
  const pace = quick ? 'SWARMPROOF_QUICK_BENCH=1' : '--';
  const child = new Child(
    ['env', pace, process.execPath, vitest, ...words, '--outputJson', report, ...folders],
    scratch,
  );
  try {
    await child.hear(`Benchmark report written to ${report}`);
    return JSON.parse(await readFile(report, 'utf8')) as MicroReport;
  } finally {
    await child.stop();
    await rm(report, { force: true });
  }
}
