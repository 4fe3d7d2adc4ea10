/**
 * Plays the whole library over and over: `npm run soak -- [rounds] [first seed]`, three rounds unless said.
 * Each round has a seed of its own; a broken check prints the line that repeats it, and the exit code is 1.
 */
import { library } from '../../scenarios/library.ts';
import { randomSeed, runScenario } from '../scenario/run-scenario.ts';

const [rounds = 3, firstSeed = randomSeed()] = process.argv.slice(2).map(Number);
const interrupted = new AbortController();
process.once('SIGINT', () => interrupted.abort());

for (let round = 0; round < rounds; round += 1)
  for (const { name } of library) {
    if (interrupted.signal.aborted) break;
    await playOnce(name, firstSeed + round);
  }

async function playOnce(name: string, seed: number): Promise<void> {
  const startedAt = Date.now();
  const { result } = await runScenario(name, { seed, signal: interrupted.signal });
  const seconds = ((Date.now() - startedAt) / 1_000).toFixed(1);
  process.stdout.write(`${result.verdict.padEnd(11)} ${name} --seed ${seed} (${seconds} s)\n`);
  if (result.verdict === 'passed') return;
  process.exitCode = 1;
  for (const { held, name: check, detail } of result.checks)
    if (!held) process.stdout.write(`    BROKEN ${check}: ${detail}\n`);
  process.stdout.write(`    ${result.replay}\n`);
}
