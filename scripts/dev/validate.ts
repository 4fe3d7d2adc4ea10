/**
 * Plays the studies of scenarios/paper/ and writes what they measured into docs/validation.md:
 * `npm run validate -- [--only S4] [--seeds 5] [--full] [--jobs 2] [--fresh]`. Without --full, which takes
 * hours, smaller crowds stand for those that were published. Runs that are kept in reports/runs/validate/ are not
 * played again, so that it can be interrupted and goes on where it was.
 */
import { fork } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { SingleBar } from 'cli-progress';
import yargs from 'yargs';
import { studies } from '../../scenarios/paper/studies.ts';
import type { Study } from '../../scenarios/paper/study.ts';
import { type Job, type JobResult, jobName, type Size } from './validate/job.ts';
import { scenarioOf } from './validate/play-job.ts';
import { slotVerdicts } from './validate/slot-claims.ts';
import { sizeTable, verdictTable, withTables } from './validate/table.ts';
import { type Verdict, judge } from './validate/verdict.ts';

const { only, seeds, full, jobs, fresh } = await yargs(process.argv.slice(2))
  .option('only', { type: 'string', array: true, default: [] as string[] })
  .option('seeds', { type: 'number', default: 5 })
  .option('full', { type: 'boolean', default: false })
  .option('jobs', { type: 'number', default: 2 })
  .option('fresh', { type: 'boolean', default: false })
  .strict()
  .parse();

const size: Size = full ? 'full' : 'quick';
const root = fileURLToPath(new URL('../../', import.meta.url));
const kept = `${root}reports/runs/validate/`;
const document = `${root}docs/validation.md`;
mkdirSync(kept, { recursive: true });

const chosen = only.length === 0 ? studies : studies.filter(({ row }) => only.includes(row));
const wanted = Array.from({ length: seeds }, (_, i) => i + 1).flatMap((seed) =>
  chosen.flatMap((study) => jobsOf(study, seed)),
);
const toPlay = wanted.filter((job) => fresh || read(job) === undefined);
await playAll();
report();

function jobsOf(study: Study, seed: number): Job[] {
  const variants = Object.keys(study.variants(study.scales[size]));
  return variants.map((variant) => ({ row: study.row, variant, size, seed }));
}

function read(job: Job): JobResult | undefined {
  const file = `${kept}${jobName(job)}.json`;
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as JobResult) : undefined;
}

/** A run with the same scenario but for its name, in an earlier study. */
function twinOf(job: Job): Job | undefined {
  const text = playedText(job);
  const twin = wanted.find((other) => other.seed === job.seed && playedText(other) === text);
  return twin?.row === job.row ? undefined : twin;
}

function playedText(job: Job): string {
  const { name: _, story: __, ...played } = scenarioOf(job);
  return JSON.stringify(played);
}

async function playAll(): Promise<void> {
  const bar = new SingleBar({
    format: '{bar} {value}/{total} runs, {eta_formatted} to go; {last}',
  });
  bar.start(toPlay.length, 0, { last: '' });
  const twins = toPlay.flatMap((job) => {
    const twin = twinOf(job);
    return twin === undefined ? [] : [{ job, twin }];
  });
  const queue = toPlay.filter((job) => !twins.some((pair) => pair.job === job));
  await Promise.all(
    Array.from({ length: Math.min(jobs, queue.length) }, () =>
      work(queue, (last) => bar.increment({ last })),
    ),
  );
  bar.stop();
  for (const { job, twin } of twins) {
    const result = read(twin);
    if (result !== undefined) keep(job, result);
  }
}

function keep(job: Job, result: JobResult): void {
  writeFileSync(`${kept}${jobName(job)}.json`, JSON.stringify(result));
}

/** One process of its own, which takes runs from the queue until there are none. */
function work(queue: Job[], done: (name: string) => void): Promise<void> {
  const loader = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;
  const child = fork(fileURLToPath(new URL('./validate/worker.ts', import.meta.url)), [], {
    execArgv: ['--import', loader, '--max-old-space-size=4096'],
    serialization: 'advanced',
  });
  return new Promise((resolve, reject) => {
    let current: Job | undefined;
    const next = (): void => {
      current = queue.shift();
      if (current === undefined) child.disconnect();
      else child.send(current);
    };
    child.on('message', ({ result, error }: { result?: JobResult; error?: unknown }) => {
      if (current === undefined || result === undefined) return reject(new Error(String(error)));
      keep(current, result);
      done(jobName(current));
      next();
    });
    child.once('error', reject);
    child.once('exit', (code) => {
      if (current === undefined) resolve();
      else reject(new Error(`the process that played ${jobName(current)} ended with ${code}`));
    });
    next();
  });
}

function report(): void {
  const played = studies.flatMap((study) => {
    const runs = Array.from({ length: seeds }, (_, i) => {
      const known = jobsOf(study, i + 1).map((job) => [job.variant, read(job)?.measures] as const);
      return new Map(
        known.flatMap(([name, found]) => (found === undefined ? [] : [[name, found]])),
      );
    });
    return judge(study, runs);
  });
  const verdicts = [...played, ...slots()].sort(byRow);
  const table = verdictTable(verdicts);
  process.stdout.write(table);
  const tables = `${table}\n${sizeTable(studies, size)}`;
  writeFileSync(document, withTables(readFileSync(document, 'utf8'), tables));
  const broken = wanted.flatMap((job) =>
    (read(job)?.broken ?? []).map((why) => [jobName(job), why]),
  );
  for (const [name, why] of broken) process.stdout.write(`${name}: ${why}\n`);
  if (broken.length > 0 || verdicts.some(({ held }) => held === false)) process.exitCode = 1;
}

/** The model of slots is quick beside the others, and yet worth keeping. */
function slots(): readonly Verdict[] {
  const file = `${kept}s3-${size}-${seeds}.json`;
  if (!fresh && existsSync(file))
    return JSON.parse(readFileSync(file, 'utf8')) as readonly Verdict[];
  const verdicts = slotVerdicts(size, seeds);
  writeFileSync(file, JSON.stringify(verdicts));
  return verdicts;
}

/** `S3` before `S11`. */
function byRow(a: { readonly row: string }, b: { readonly row: string }): number {
  return Number(a.row.slice(1)) - Number(b.row.slice(1));
}
