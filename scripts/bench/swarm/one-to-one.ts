/** One seeder to one leecher, each in its process; each program with itself and in mixed pairs. */
import { type Content, makeContent } from '../content.ts';
import { interleaved } from '../interleaved.ts';
import type { Measurement } from '../measurement.ts';
import type { Bench, Setting } from '../setting.ts';
import { playApart } from './apart.ts';
import { nameOf, type Pair, pairsOf, playPair } from './pair.ts';
import type { SwarmOutcome } from './play-swarm.ts';
import { lineOf, measurementsOf, pairMetrics } from './swarm-metrics.ts';

const KiB = 2 ** 10;
const MiB = 2 ** 20;

export const oneToOne: Bench = { name: 'one-to-one', run };

async function run(setting: Setting): Promise<readonly Measurement[]> {
  const { contestants, mixed, quick, scratch } = setting;
  const bytes = setting.bytes ?? (quick ? 96 : 1024) * MiB;
  const pieceLengths = setting.pieceLengths ?? (quick ? [MiB] : [256 * KiB, MiB, 4 * MiB]);
  const found: Measurement[] = [];
  for (const pieceLength of pieceLengths) {
    const content = await makeContent(scratch, { bytes, pieceLength });
    const bench = `one-to-one, ${bytes / MiB} MiB in pieces of ${pieceLength / KiB} KiB`;
    const outcomes = await interleaved(
      pairsOf(contestants, mixed).map((pair) => ({
        subject: nameOf(pair),
        play: () => play(pair, content, scratch),
        told: lineOf(bytes),
      })),
      setting,
    );
    found.push(...measurementsOf(bench, outcomes, pairMetrics(bytes)));
  }
  return found;
}

function play(pair: Pair, content: Content, scratch: string): Promise<SwarmOutcome> {
  const isApart = [pair.seeder, pair.leecher].some(({ refusesLoopback }) => refusesLoopback);
  return isApart
    ? playApart(pair, { content, scratch })
    : playPair(pair, { content, scratch, network: '127.83' });
}
