/**
 * Measures how fast the virtual world is and how its cost grows: `npm run bench:virtual -- [--full] [--only TEXT] [--json]`.
 * `--full` adds the three goals, of which the largest takes long. Each run is played in a process of its own.
 */
import { fork } from 'node:child_process';
import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';
import yargs from 'yargs';
import { type Figures, figuresOf, type Measured, slopesOf } from './bench-virtual/figures.ts';
import { goals, nameOf, quickGrid, type Size } from './bench-virtual/grid.ts';
import { lineOf, reportOf } from './bench-virtual/report.ts';

/** The largest goal must fit into it with room to spare; V8's own limit is lower. */
const maxHeapMebibytes = 12_288;

const { full, only, json } = await yargs(process.argv.slice(2))
  .option('full', { type: 'boolean', default: false })
  .option('only', { type: 'string', default: '' })
  .option('json', { type: 'boolean', default: false })
  .strict()
  .parse();

const sizes = [...quickGrid, ...(full ? goals : [])].filter((size) => nameOf(size).includes(only));
const empty = await inOwnProcess(undefined);
const figures: Figures[] = [];
for (const size of sizes) {
  const run = figuresOf(size, await inOwnProcess(size), empty.peakBytes);
  figures.push(run);
  // The table comes last, and whoever ends a long bench early is to have something all the same.
  process.stderr.write(`${lineOf(run)}\n`);
}
process.stdout.write(
  json
    ? `${JSON.stringify({ runs: figures, slopes: slopesOf(figures) }, undefined, 2)}\n`
    : `${reportOf(figures)}\n`,
);

function inOwnProcess(size: Size | undefined): Promise<Measured> {
  const loader = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;
  const child = fork(fileURLToPath(new URL('./bench-virtual/play.ts', import.meta.url)), [], {
    execArgv: ['--import', loader, `--max-old-space-size=${maxHeapMebibytes}`],
  });
  return new Promise((resolve, reject) => {
    child.once('message', (measured) => resolve(measured as Measured));
    child.once('exit', (code) => reject(new Error(`the run ended with ${code ?? 'a signal'}`)));
    child.send({ size });
  });
}
