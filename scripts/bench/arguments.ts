/** What a bench may be told on its command line. */
import { tmpdir } from 'node:os';
import yargs from 'yargs';
import type { Bench, Setting } from './setting.ts';

export type BenchArguments = Pick<
  Setting,
  'bytes' | 'mixed' | 'pieceLengths' | 'quick' | 'runs'
> & {
  readonly install: boolean;
  readonly verbose: boolean;
  /** Parts of the names of benches; none: all. */
  readonly only: readonly string[];
  /** Names of programs; undefined: all that are here. */
  readonly against: readonly string[] | undefined;
  /** Where files are made. */
  readonly dir: string;
  /** Where the comparisons go. */
  readonly json: string | undefined;
};

const runsOf = { quick: 3, full: 5 } as const;

/** Says what is wrong, or the help, and ends the process, as yargs does. */
export async function parseArguments(
  words: readonly string[],
  benches: readonly Bench[],
): Promise<BenchArguments> {
  const names = benches.map(({ name }) => name).join(', ');
  const flag = { type: 'boolean', default: false } as const;
  const args = await yargs([...words])
    .scriptName('npm run bench --')
    .option('quick', {
      ...flag,
      describe: 'small files, three runs or fewer: three minutes for all',
    })
    .option('only', { type: 'string', array: true, describe: `parts of names: ${names}` })
    .option('against', { type: 'string', array: true, describe: 'programs, instead of all here' })
    .option('mixed', { ...flag, describe: 'one-to-one: also each program with ours, both ways' })
    .option('piece', { type: 'number', array: true, describe: 'KiB in a piece' })
    .option('mib', { type: 'number', describe: 'MiB in the file' })
    .option('runs', { type: 'number', describe: 'of each, in turn' })
    .option('dir', { type: 'string', default: tmpdir(), describe: 'where files are made' })
    .option('json', { type: 'string', describe: 'file for the comparisons' })
    .option('verbose', { ...flag, describe: 'a line for each run, also in a pipe' })
    .option('install', { ...flag, describe: 'first get the other programs (apt-get, npm)' })
    .strict()
    .parse();
  return {
    ...{ quick: args.quick, mixed: args.mixed, install: args.install, verbose: args.verbose },
    ...{ against: args.against, dir: args.dir, json: args.json, only: args.only ?? [] },
    runs: args.runs ?? (args.quick ? runsOf.quick : runsOf.full),
    bytes: args.mib === undefined ? undefined : args.mib * 2 ** 20,
    pieceLengths: args.piece?.map((kibibytes) => kibibytes * 1024),
  };
}
