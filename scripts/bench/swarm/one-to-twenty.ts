/** One seeder and twenty leechers, all connected with all, in one process: the programs that can be many. */
import { makeContent } from '../content.ts';
import { interleaved } from '../interleaved.ts';
import type { Measurement } from '../measurement.ts';
import type { Role } from '../participants/contestant.ts';
import type { Bench, Setting } from '../setting.ts';
import { playSwarm } from './play-swarm.ts';
import { lineOf, measurementsOf, swarmMetrics } from './swarm-metrics.ts';
import { fullMesh } from './wiring.ts';

const MiB = 2 ** 20;
const leechers = 20;
const roles: readonly Role[] = [
  'seed',
  ...Array.from({ length: leechers }, () => 'leech' as const),
];

export const oneToTwenty: Bench = { name: 'one-to-twenty', run };

async function run(setting: Setting): Promise<readonly Measurement[]> {
  const { contestants, quick, scratch } = setting;
  const bytes = setting.bytes ?? (quick ? 8 : 64) * MiB;
  const [pieceLength = MiB / 4] = setting.pieceLengths ?? [];
  const content = await makeContent(scratch, { bytes, pieceLength });
  const outcomes = await interleaved(
    contestants
      .filter(({ holdsMany }) => holdsMany)
      .map((contestant) => ({
        subject: contestant.name,
        play: () =>
          playSwarm({
            ...{ content, scratch, network: '127.83' },
            processes: [{ contestant, roles }],
            wiring: fullMesh(roles.length),
          }),
        told: lineOf(leechers * bytes),
      })),
    setting,
  );
  return measurementsOf(
    `one-to-twenty in one process, ${bytes / MiB} MiB each`,
    outcomes,
    swarmMetrics(leechers * bytes),
  );
}
