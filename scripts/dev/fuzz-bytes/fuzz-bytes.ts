/**
 * Fuzzes every decoder, guided by the code it reaches: `npm run fuzz:bytes -- [--seconds 60] [--target bencode] [--seed 1]
 * [--json]`. `--seconds` is for each target. What reaches new code is kept under input/corpus/, what breaks a decoder
 * too, as short as it can be, with the line that replays it; the exit code is 1 then.
 *
 * `--replay FILE` runs one kept input. `--compare` keeps nothing and runs each target guided and blind, for the same time.
 */
import { parseArgs } from 'node:util';
import { Campaign, type CampaignOptions } from './campaign.ts';
import { Counter } from './coverage.ts';
import { readInput, targetOf } from './corpus.ts';
import type { Target } from './target.ts';
import { targets } from './targets.ts';

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '60' },
    target: { type: 'string', multiple: true },
    seed: { type: 'string', default: '1' },
    json: { type: 'boolean', default: false },
    compare: { type: 'boolean', default: false },
    replay: { type: 'string' },
  },
});

const say = (text: string): boolean => values.json || process.stdout.write(`${text}\n`);

if (values.replay === undefined) await fuzz(chosen(values.target ?? []));
else await replay(values.replay);

async function fuzz(wanted: readonly Target[]): Promise<void> {
  const counter = new Counter();
  const options = { seconds: Number(values.seconds), seed: Number(values.seed) };
  const reports: unknown[] = [];
  for (const target of wanted)
    reports.push(
      values.compare
        ? await compared(target, options, counter)
        : await played(target, { ...options, isGuided: true, isFresh: false }, counter),
    );
  counter.stop();
  if (values.json)
    process.stdout.write(`${JSON.stringify({ seed: options.seed, targets: reports }, null, 2)}\n`);
}

async function played(
  target: Target,
  options: CampaignOptions,
  counter: Counter,
): Promise<unknown> {
  const report = await Campaign.run(target, options, counter);
  const { branches, corpus, crashes, executions, name, outcomes, seconds } = report;
  const perSec = Math.round(executions / seconds);
  const reached = `${branches.run.size} of ${branches.known.size} branches`;
  say(`${name.padEnd(20)} ${perSec} runs/s, ${reached}, ${outcomes} outcomes, ${corpus} kept`);
  for (const { error, file } of crashes) {
    process.exitCode = 1;
    say(`    ${error}\n    npm run fuzz:bytes -- --replay ${file}`);
  }
  const counts = { branches: branches.run.size, knownBranches: branches.known.size };
  return { ...{ name, executions, seconds, perSec, ...counts, outcomes, corpus, crashes } };
}

/** What each reaches that the seeds alone do not. */
async function compared(
  target: Target,
  options: Pick<CampaignOptions, 'seconds' | 'seed'>,
  counter: Counter,
): Promise<unknown> {
  const beyond = async (isGuided: boolean): Promise<number> => {
    const how = { ...options, isGuided, isFresh: true };
    const { branches, seeded } = await Campaign.run(target, how, counter);
    return [...branches.run].filter((branch) => !seeded.has(branch)).length;
  };
  const { name } = target;
  const [guided, blind] = [await beyond(true), await beyond(false)];
  say(`${name.padEnd(20)} branches beyond the seeds': guided ${guided}, blind ${blind}`);
  return { name, guided, blind };
}

async function replay(file: string): Promise<void> {
  const [target] = chosen([targetOf(file)]);
  const check = await target?.load();
  process.stdout.write(`${check?.(readInput(file))}\n`);
}

function chosen(names: readonly string[]): readonly Target[] {
  const unknown = names.filter((name) => !targets.some((target) => target.name === name));
  if (unknown.length > 0)
    throw new RangeError(
      `no such target: ${unknown.join(', ')}; there is ${targets.map(({ name }) => name).join(', ')}`,
    );
  return targets.filter(({ name }) => names.length === 0 || names.includes(name));
}
