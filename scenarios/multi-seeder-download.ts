import { defineScenario, type ScenarioInput } from '../sim/scenario.ts';
import { brisk, briskTracker } from './brisk.ts';

export const multiSeederDownload: ScenarioInput = defineScenario({
  name: 'multi-seeder-download',
  story: 'A peer downloads a tune from three seeders at once and gets a fair part of it from each.',
  content: { file: 'music.mp3', pieceBytes: '64KiB' },
  peers: {
    seeder: { count: 3, has: 'all', link: { up: '250kB/s' }, options: brisk },
    leecher: { count: 1, has: 'nothing', options: brisk },
  },
  tracker: briskTracker,
  expect: [
    { everyoneCompletes: 'leecher', within: '15s' },
    { bytesFromEach: 'seeder', to: 'leecher', share: 0.7 },
    { listedAsSeeder: 'leecher' },
    { wastedBelow: 0.05, of: 'leecher' },
  ],
});
