/**
 * Measures this engine beside those that a user would otherwise pick, in one interleaved run:
 * `npm run bench -- [--quick] [--only NAME] [--against NAME...] [--piece KIB...] [--json FILE]`.
 */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import yargs from 'yargs';
import { environmentOf } from '../../sim/loopback/environment.ts';
import { comparisonsOf, type Measurement } from './measurement.ts';
import { oneToOne } from './one-to-one.ts';
import { contestants } from './participants/contestants.ts';
import { tableOf } from './report/table.ts';
import { writeBenchReport } from './report/write-bench-report.ts';

const startedAt = new Date().toISOString();
const MiB = 2 ** 20;

const args = await yargs(process.argv.slice(2))
  .option('quick', { type: 'boolean', default: false, describe: 'small files, few runs' })
  .option('only', {
    type: 'string',
    default: '',
    describe: 'the benches whose name has this in it',
  })
  .option('against', { type: 'string', array: true, default: ['libtorrent'], describe: 'programs' })
  .option('mixed', { type: 'boolean', default: false, describe: 'also each program with ours' })
  .option('piece', { type: 'number', array: true, default: [1024], describe: 'KiB in a piece' })
  .option('mib', { type: 'number', describe: 'MiB in the file' })
  .option('runs', { type: 'number', describe: 'runs of each' })
  .option('dir', { type: 'string', default: tmpdir(), describe: 'where files are made' })
  .option('json', { type: 'string', describe: 'file for the comparisons' })
  .strict()
  .parse();

const say = (line: string): void => void process.stderr.write(`${line}\n`);
const wanted = contestants.filter(({ name }) => ['swarmproof', ...args.against].includes(name));
const present = wanted.filter((each) => each.isPresent());
for (const each of wanted)
  if (!present.includes(each)) say(`without ${each.name}: apt-get install ${each.package ?? ''}`);

type Bench = { readonly name: string; readonly run: () => Promise<readonly Measurement[]> };

const scratch = await mkdtemp(join(args.dir, 'swarmproof-bench-'));
const benches: readonly Bench[] = [
  {
    name: 'one-to-one',
    run: () =>
      oneToOne({
        contestants: present,
        mixed: args.mixed,
        bytes: (args.mib ?? (args.quick ? 256 : 1024)) * MiB,
        pieceLengths: args.piece.map((kibibytes) => kibibytes * 1024),
        runs: args.runs ?? (args.quick ? 3 : 5),
        scratch,
        onRun: say,
      }),
  },
];

try {
  const measurements: Measurement[] = [];
  for (const { name, run } of benches)
    if (name.includes(args.only)) measurements.push(...(await run()));
  process.stdout.write(`${tableOf(measurements)}\n`);
  const dir = await writeBenchReport(measurements, {
    ...environmentOf('own', startedAt),
    addresses: '127.0.0.1 for all, ports differ',
  });
  say(`report: ${dir}`);
  if (args.json !== undefined) {
    await mkdir(join(args.json, '..'), { recursive: true });
    await writeFile(args.json, `${JSON.stringify(comparisonsOf(measurements), undefined, 2)}\n`);
  }
} finally {
  await rm(scratch, { recursive: true, force: true });
}
