/** The sizes that are made larger, one at a time. */
import { makeContent } from '../content.ts';
import { swarmproof } from '../participants/swarmproof.ts';
import type { Setting } from '../setting.ts';
import { spread } from '../swarm/crowd.ts';
import { playPair } from '../swarm/pair.ts';
import { playSwarm } from '../swarm/play-swarm.ts';
import { randomGraph } from '../swarm/wiring.ts';
import { type Costs, costsOf } from './costs.ts';
import { playTorrents } from './torrents.ts';

export type Axis = {
  readonly name: string;
  readonly sizes: readonly number[];
  readonly play: (size: number) => Promise<Costs>;
};

const KiB = 2 ** 10;
const MiB = 2 ** 20;
const network = '127.83';

/** For peers and connections: small, since many are played. */
const crowdMebibytes = { quick: 2, full: 4 } as const;
const crowdDegree = 8;
const crowdPeers = 40;

/** When it has to be quick, the three that say most, with a step less and a quarter of the size. */
export function axesOf({ quick, scratch }: Setting): readonly Axis[] {
  const scale = quick ? 4 : 1;
  const stepCount = quick ? 3 : 4;
  const pair = async (order: Parameters<typeof makeContent>[1]): Promise<Costs> => {
    const content = await makeContent(scratch, order);
    const ours = { seeder: swarmproof, leecher: swarmproof };
    return costsOf((await playPair(ours, { content, scratch, network })).costs);
  };
  const swarm = async (count: number, degree: number): Promise<Costs> => {
    const bytes = crowdMebibytes[quick ? 'quick' : 'full'] * MiB;
    const content = await makeContent(scratch, { bytes, pieceLength: 64 * KiB });
    const wiring = randomGraph(count, degree);
    const processes = spread(count, 1);
    return costsOf((await playSwarm({ content, scratch, network, processes, wiring })).costs);
  };
  const always: readonly Axis[] = [
    {
      name: 'file size',
      sizes: steps(256 / scale, stepCount),
      play: (mebibytes) => pair({ bytes: mebibytes * MiB, pieceLength: MiB / 4 }),
    },
    { name: 'peers', sizes: steps(160 / scale, stepCount), play: (n) => swarm(n, crowdDegree) },
    {
      name: 'torrents',
      sizes: steps(400 / scale, stepCount),
      play: (count) => playTorrents(count, scratch),
    },
  ];
  if (quick) return always;
  return [
    ...always,
    {
      name: 'pieces',
      sizes: steps(1_024, 5),
      play: (pieces) => pair({ bytes: 256 * MiB, pieceLength: (256 * MiB) / pieces }),
    },
    {
      name: 'connections',
      sizes: steps(32, stepCount).map((degree) => (degree * crowdPeers) / 2),
      play: (connections) => swarm(crowdPeers, (2 * connections) / crowdPeers),
    },
  ];
}

/** Each twice the one before, up to the last. */
const steps = (last: number, count: number): readonly number[] =>
  Array.from({ length: count }, (_, i) => last / 2 ** (count - 1 - i));
