/** One seeder to four leechers, all connected with all, each in its process. */
import { makeContent } from '../content.ts';
import { interleaved } from '../interleaved.ts';
import type { Measurement } from '../measurement.ts';
import type { Bench, Setting } from '../setting.ts';
import { playSwarm } from './play-swarm.ts';
import { lineOf, measurementsOf, swarmMetrics } from './swarm-metrics.ts';
import { fullMesh } from './wiring.ts';

const MiB = 2 ** 20;
const roles = ['seed', 'leech', 'leech', 'leech', 'leech'] as const;
const leechers = roles.length - 1;

export const oneToFour: Bench = { name: 'one-to-four', run };

async function run(setting: Setting): Promise<readonly Measurement[]> {
  const { contestants, quick, scratch } = setting;
  const bytes = setting.bytes ?? (quick ? 32 : 256) * MiB;
  const [pieceLength = MiB] = setting.pieceLengths ?? [];
  const content = await makeContent(scratch, { bytes, pieceLength });
  const outcomes = await interleaved(
    contestants
      // Transmission would need a network of its own for each swarm, and is far behind with one leecher already.
      .filter(({ refusesLoopback }) => refusesLoopback !== true)
      .filter(({ startsSlowly }) => !(quick && startsSlowly === true))
      .map((contestant) => ({
        subject: contestant.name,
        play: () =>
          playSwarm({
            ...{ content, scratch, network: '127.83' },
            processes: roles.map((role) => ({ contestant, roles: [role] })),
            wiring: fullMesh(roles.length),
          }),
        told: lineOf(leechers * bytes),
      })),
    setting,
  );
  return measurementsOf(
    `one-to-four, ${bytes / MiB} MiB each`,
    outcomes,
    swarmMetrics(leechers * bytes),
  );
}
