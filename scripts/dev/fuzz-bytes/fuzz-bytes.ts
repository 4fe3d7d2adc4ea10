/**
 * Fuzzes every decoder, guided by the code it reaches: `npm run fuzz:bytes -- [--seconds 60] [--target bencode] [--seed 1]
 * [--json]`. `--seconds` is for each target. What reaches new code is kept under input/corpus/, what breaks a decoder
 * too, as short as it can be, with the line that replays it; the exit code is 1 then.
 *
 * `--replay FILE` runs one kept input. `--compare` keeps nothing and runs each target guided and blind, for the same time.
 */
import yargs from 'yargs';
import { Campaign, type CampaignOptions } from './campaign.ts';
import { Counter } from './coverage.ts';
import { readInput, targetOf } from './corpus.ts';
import type { Target } from './target.ts';
import { targets } from './targets.ts';

const values = await yargs(process.argv.slice(2))
  .scriptName('npm run fuzz:bytes --')
  .usage('$0: fuzzes every decoder, led by the code it reaches; exits with 1 when one breaks')
  .option('seconds', { type: 'number', default: 60, describe: 'for each target' })
  .option('target', {
    choices: targets.map(({ name }) => name),
    array: true,
    default: [] as string[],
    describe: 'all of them unless said',
  })
  .option('seed', { type: 'number', default: 1, describe: 'the same again' })
  .option('json', { type: 'boolean', default: false, describe: 'one JSON document on stdout' })
  .option('compare', {
    type: 'boolean',
    default: false,
    describe: 'keeps nothing, and plays each guided and blind for the same time',
  })
  .option('replay', { type: 'string', describe: 'one kept input', requiresArg: true })
  .strict()
  .parse();

const say = (text: string): boolean => values.json || process.stdout.write(`${text}\n`);

if (values.replay === undefined) await fuzz(chosen(values.target));
else await replay(values.replay);

async function fuzz(wanted: readonly Target[]): Promise<void> {
  const counter = new Counter();
  const options = { seconds: values.seconds, seed: values.seed };
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
  const { corpus, crashes, executions, name, outcomes, reached, seconds, seeded } = report;
  const perSec = Math.round(executions / seconds);
  const code = `${reached} characters of code, ${reached - seeded} of them new`;
  say(`${name.padEnd(20)} ${perSec} runs/s, ${code}, ${outcomes} outcomes, ${corpus} kept`);
  for (const { error, file } of crashes) {
    process.exitCode = 1;
    say(`    ${error}\n    npm run fuzz:bytes -- --replay ${file}`);
  }
  return { name, executions, seconds, perSec, reached, seeded, outcomes, corpus, crashes };
}

/** How much code each reaches that begins with nothing. */
async function compared(
  target: Target,
  options: Pick<CampaignOptions, 'seconds' | 'seed'>,
  counter: Counter,
): Promise<unknown> {
  const beyond = async (isGuided: boolean): Promise<number> => {
    const how = { ...options, isGuided, isFresh: true };
    const { reached, seeded } = await Campaign.run(target, how, counter);
    return reached - seeded;
  };
  const { name } = target;
  const [guided, blind] = [await beyond(true), await beyond(false)];
  say(`${name.padEnd(20)} characters of code, from nothing: guided ${guided}, blind ${blind}`);
  return { name, guided, blind };
}

async function replay(file: string): Promise<void> {
  const [target] = chosen([targetOf(file)]);
  if (target === undefined) throw new RangeError(`${file} lies in the folder of no target`);
  const check = await target.load();
  process.stdout.write(`${check(readInput(file))}\n`);
}

function chosen(names: readonly string[]): readonly Target[] {
  return targets.filter(({ name }) => names.length === 0 || names.includes(name));
}
