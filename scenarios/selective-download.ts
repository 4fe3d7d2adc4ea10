import { defineScenario, type ScenarioInput } from '../sim/scenario.ts';
import { brisk, briskTracker } from './brisk.ts';

export const selectiveDownload: ScenarioInput = defineScenario({
  name: 'selective-download',
  story:
    'A peer wants two of four files: it gets just these, and is done without the rest; another wants all.',
  content: {
    name: 'album',
    pieceBytes: '32KiB',
    files: [
      { path: 'one.flac', bytes: '600kB' },
      { path: 'two.flac', bytes: '500kB' },
      { path: 'notes/cover.png', bytes: 40_000 },
      { path: 'notes/words.txt', bytes: 1_000 },
    ],
  },
  peers: {
    seeder: { count: 1, has: 'all', link: { up: '1MB/s' }, options: brisk },
    chooser: {
      count: 1,
      has: 'nothing',
      wants: ['two.flac', 'notes/words.txt'],
      options: brisk,
    },
    collector: { count: 1, has: 'nothing', options: brisk },
  },
  tracker: briskTracker,
  expect: [
    { hasOnlyWantedFiles: 'chooser' },
    { everyoneCompletes: 'chooser', within: '15s' },
    { everyoneCompletes: 'collector', within: '15s' },
    { listedAsSeeder: 'collector' },
  ],
});
