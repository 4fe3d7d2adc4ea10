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

/** In which peers and connections are counted: small, since many are played. */
const crowdContent = { bytes: 4 * MiB, pieceLength: 64 * KiB };
const crowdDegree = 8;
const crowdPeers = 40;

/** Fewer steps, and a quarter of the size, when it has to be quick. */
export function axesOf({ quick, scratch }: Setting): readonly Axis[] {
  const scale = quick ? 4 : 1;
  const pair = async (order: Parameters<typeof makeContent>[1]): Promise<Costs> => {
    const content = await makeContent(scratch, order);
    const ours = { seeder: swarmproof, leecher: swarmproof };
    return costsOf((await playPair(ours, { content, scratch, network })).costs);
  };
  const swarm = async (count: number, degree: number): Promise<Costs> => {
    const content = await makeContent(scratch, crowdContent);
    const wiring = randomGraph(count, degree);
    const processes = spread(count, 1);
    return costsOf((await playSwarm({ content, scratch, network, processes, wiring })).costs);
  };
  return [
    {
      name: 'file size',
      sizes: steps(256 / scale, quick ? 3 : 4),
      play: (mebibytes) => pair({ bytes: mebibytes * MiB, pieceLength: MiB / 4 }),
    },
    {
      name: 'pieces',
      sizes: steps(1_024 / scale, quick ? 3 : 5),
      play: (pieces) =>
        pair({ bytes: (256 / scale) * MiB, pieceLength: ((256 / scale) * MiB) / pieces }),
    },
    { name: 'peers', sizes: steps(160 / scale, quick ? 3 : 4), play: (n) => swarm(n, crowdDegree) },
    {
      name: 'connections',
      sizes: steps(32 / scale, quick ? 3 : 4).map((degree) => (degree * crowdPeers) / 2),
      play: (connections) => swarm(crowdPeers, (2 * connections) / crowdPeers),
    },
    {
      name: 'torrents',
      sizes: steps(400 / scale, quick ? 3 : 4),
      play: (count) => playTorrents(count, scratch),
    },
  ];
}

/** Each twice the one before, up to the last. */
const steps = (last: number, count: number): readonly number[] =>
  Array.from({ length: count }, (_, i) => last / 2 ** (count - 1 - i));
