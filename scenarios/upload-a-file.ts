import { defineScenario, type ScenarioInput } from '../sim/scenario.ts';
import { brisk, briskTracker } from './brisk.ts';

export const uploadAFile: ScenarioInput = defineScenario({
  name: 'upload-a-file',
  story: 'One peer uploads a file to the tracker, which lists it as the only seeder.',
  content: { file: 'music.mp3' },
  peers: { uploader: { count: 1, has: 'all', options: brisk } },
  tracker: briskTracker,
  expect: [
    { listedAsSeeder: 'uploader' },
    { swarmMisses: 'nothing' },
    { everyoneCompletes: 'uploader' },
  ],
});
