import { defineScenario, type ScenarioInput } from '../sim/scenario.ts';
import { brisk, briskTracker } from './brisk.ts';

export const downloadAFile: ScenarioInput = defineScenario({
  name: 'download-a-file',
  story: 'A second peer downloads the file from its only seeder and is listed as a seeder itself.',
  content: { file: 'music.mp3' },
  peers: {
    uploader: { count: 1, has: 'all', link: { up: '2MB/s' }, options: brisk },
    downloader: { count: 1, has: 'nothing', joins: { at: '500ms' }, options: brisk },
  },
  tracker: briskTracker,
  expect: [
    { everyoneCompletes: 'downloader', within: '10s' },
    { shareFrom: 'uploader', to: 'downloader', atLeast: 1 },
    { listedAsSeeder: 'downloader' },
    { wastedBelow: 0.01, of: 'downloader' },
  ],
});
