import { defineScenario, type ScenarioInput } from '../sim/scenario.ts';
import { brisk, briskTracker } from './brisk.ts';

export const manyTorrents: ScenarioInput = defineScenario({
  name: 'many-torrents',
  story: 'One peer seeds five torrents at once, and others download all or some of them together.',
  content: [
    { file: 'story.txt' },
    { file: 'piece-map.png' },
    { bytes: '512KiB', pieceBytes: '32KiB' },
    { bytes: '1MiB', pieceBytes: '64KiB' },
    { bytes: '700kB', pieceBytes: '16KiB' },
  ],
  peers: {
    seeder: { count: 1, has: 'all', link: { up: '2MB/s' }, options: brisk },
    everything: { count: 2, has: 'nothing', link: { up: '1MB/s' }, options: brisk },
    some: { count: 1, has: 'nothing', contents: [1, 3], options: brisk },
  },
  tracker: briskTracker,
  expect: [
    { everyoneCompletes: 'everything', within: '20s' },
    { everyoneCompletes: 'some', within: '20s' },
    { listedAsSeeder: 'everything' },
    { listedAsSeeder: 'seeder' },
  ],
});
