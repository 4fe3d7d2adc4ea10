/**
 * Measures this engine beside those that a user would otherwise pick, in interleaved runs:
 * `npm run bench -- [--quick] [--only NAME] [--against NAME...] [--mixed] [--json FILE]`; `--install` gets the others.
 */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { environmentOf } from '../../sim/loopback/environment.ts';
import { type BenchArguments, parseArguments } from './arguments.ts';
import { benches } from './benches.ts';
import { comparisonsOf, type Measurement } from './measurement.ts';
import { endChildren } from './participants/child.ts';
import { contestants } from './participants/contestants.ts';
import { adviceFor, installPrograms, type Program } from './participants/programs.ts';
import { BenchProgress } from './progress.ts';
import { tableOf } from './report/table.ts';
import { writeBenchReport } from './report/write-bench-report.ts';
import type { Bench, Setting } from './setting.ts';
import { trackers } from './tracker/programs.ts';

const startedAt = new Date().toISOString();
const args = await parseArguments(process.argv.slice(2), benches);
if (args.install) installPrograms([...contestants, ...trackers].flatMap(({ from }) => from ?? []));
const measurements: Measurement[] = [];
const scratch = await mkdtemp(join(args.dir, 'swarmproof-bench-'));
for (const [signal, exit] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
  ['SIGHUP', 129],
] as const)
  process.once(signal, () => void cleanUp().finally(() => process.exit(exit)));
try {
  await play(args);
} finally {
  await cleanUp();
}

async function play({ json, only, verbose, ...rest }: BenchArguments): Promise<void> {
  using progress = new BenchProgress({ sink: process.stderr, verbose });
  const present: Setting['present'] = (programs) => presentOf(programs, rest, progress);
  const setting = { ...rest, scratch, progress, present, contestants: present(contestants) };
  for (const { name, run } of benches.filter((bench) => isWanted(bench, only))) {
    progress.begin(name);
    measurements.push(...(await run(setting)));
    progress.end();
  }
  process.stdout.write(`${tableOf(measurements)}\n`);
  const dir = await writeBenchReport(measurements, {
    ...environmentOf('own', startedAt),
    addresses: 'one per peer',
  });
  progress.warn(`report: ${dir}`);
  if (json === undefined) return;
  await mkdir(dirname(json), { recursive: true });
  await writeFile(json, `${JSON.stringify(comparisonsOf(measurements), undefined, 2)}\n`);
}

/** Ours, and those that were asked for and are here; what is missing is told. */
function presentOf<Each extends Program>(
  programs: readonly Each[],
  { against, quick }: Pick<BenchArguments, 'against' | 'quick'>,
  progress: BenchProgress,
): readonly Each[] {
  const wanted = programs.filter(({ from, isSlow, name }) => {
    if (from === undefined) return true;
    return against === undefined ? !(quick && isSlow === true) : against.includes(name);
  });
  return wanted.filter(({ from, isPresent, name }) => {
    if (isPresent()) return true;
    if (from !== undefined) progress.warn(`without ${name}: ${adviceFor(from)}`);
    return false;
  });
}

function isWanted({ name }: Bench, only: readonly string[]): boolean {
  return only.length === 0 || only.some((part) => name.includes(part));
}

async function cleanUp(): Promise<void> {
  await endChildren();
  await rm(scratch, { recursive: true, force: true });
}
