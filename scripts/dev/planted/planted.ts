/** `npm run planted`: plants each fault in a scratch build, and says whether the fuzzer finds it, how soon, and by what. */
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { promisify } from 'node:util';
import { parse } from 'yaml';
import yargs from 'yargs';
import { tried } from '../../../sim/fuzz/trial.ts';
import type { ScenarioInput } from '../../../sim/scenario.ts';
import { packageFile } from '../../package-file.ts';
import { buildWith } from './build.ts';
import type { Fault } from './fault.ts';
import { faults } from './faults.ts';
import type { FaultOrder, Finding } from './hunt-fault.ts';
import { type Row, page, rowText } from './page.ts';
import { watchedWorlds } from './watched-worlds.ts';

const args = await yargs(process.argv.slice(2))
  .options({
    jobs: { type: 'number', default: availableParallelism(), describe: 'processes side by side' },
    only: { type: 'string', array: true, default: [] as string[], describe: 'just these' },
    seed: { type: 'number', default: 1, describe: 'of the first run of each hunt' },
    runs: {
      type: 'number',
      default: 40,
      describe: 'as many where it should show, and as many more',
    },
    'shrink-runs': { type: 'number', default: 40, describe: 'plays to make a failure smaller' },
    seconds: { type: 'number', default: 60, describe: 'for one fault at most' },
    write: { type: 'boolean', default: false, describe: 'docs/planted.md and input/planted/' },
  })
  .strict()
  .parse();

const chosen = faults.filter(({ name }) => args.only.length === 0 || args.only.includes(name));
// Beside the packages, so that what is built there finds them.
const scratch = await mkdtemp(packageFile('node_modules', '.planted-'));
const startedAt = performance.now();
const rows: Row[] = [];
/** Whoever is interrupted has what was found until then. */
let kept = Promise.resolve();
try {
  const waiting = [...chosen];
  const workers = Array.from({ length: args.jobs }, async () => {
    for (let fault = waiting.shift(); fault !== undefined; fault = waiting.shift()) {
      const row = await judged(fault);
      rows.push(row);
      process.stdout.write(`${rowText(row)}\n`);
      if (args.write) kept = kept.then(keep);
    }
  });
  await Promise.all(workers);
} finally {
  await rm(scratch, { recursive: true });
}
await kept;
const seconds = (performance.now() - startedAt) / 1_000;
const hits = rows.filter(({ finding }) => finding.found !== undefined).length;
process.stdout.write(`found ${hits} of ${rows.length} in ${(seconds / 60).toFixed(1)} min\n`);

async function judged(fault: Fault): Promise<Row> {
  const from = performance.now();
  const outfile = join(scratch, `${fault.name}.mjs`);
  await buildWith(fault, outfile);
  const { seed, runs, 'shrink-runs': shrinkRuns } = args;
  const order: FaultOrder = { focus: fault.focus, seed, runs, shrinkRuns, seconds: args.seconds };
  const { stdout } = await promisify(execFile)(process.execPath, [outfile, JSON.stringify(order)], {
    maxBuffer: 2 ** 26,
  });
  const finding = JSON.parse(stdout) as Finding;
  const isSound = await passesWithout(finding);
  return { fault, finding, isSound, seconds: (performance.now() - from) / 1_000 };
}

/** What is found must be due to the fault: without it the same scenario passes. */
async function passesWithout({ found }: Finding): Promise<boolean> {
  if (found === undefined) return true;
  const { yaml, seed, fidelity } = found;
  const trial = { input: parse(yaml) as ScenarioInput, seed: Math.abs(seed), fidelity };
  const { wrong } = await tried(trial, watchedWorlds, new AbortController().signal);
  return wrong === undefined;
}

async function keep(): Promise<void> {
  const folder = packageFile('input', 'planted');
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const inOrder = [...rows].sort((a, b) => chosen.indexOf(a.fault) - chosen.indexOf(b.fault));
  for (const { fault, finding } of inOrder) {
    if (finding.found === undefined) continue;
    const { check, fidelity, seed, yaml } = finding.found;
    const words = `# ${fault.story}\n# Found by: ${check}\n# --seed ${seed} --fidelity ${fidelity}\n`;
    await writeFile(join(folder, `${fault.name}.yaml`), words + yaml);
  }
  await writeFile(
    packageFile('docs', 'planted.md'),
    page(inOrder, (performance.now() - startedAt) / 1_000, chosen.length),
  );
}
