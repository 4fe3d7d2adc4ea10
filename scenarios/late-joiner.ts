import { defineScenario, type ScenarioInput } from '../sim/scenario.ts';
import { brisk, briskTracker } from './brisk.ts';

export const lateJoiner: ScenarioInput = defineScenario({
  name: 'late-joiner',
  story:
    'A peer joins when the others are more than half done, and gets most of the file from them, not from the seeder.',
  content: { bytes: '2MiB', pieceBytes: '64KiB' },
  peers: {
    seeder: { count: 1, has: 'all', link: { up: '500kB/s' }, options: brisk },
    leecher: { count: 3, has: 'nothing', link: { up: '500kB/s' }, options: brisk },
    late: { count: 1, has: 'nothing', joins: 'when-told', options: brisk },
  },
  tracker: briskTracker,
  timeline: [{ when: 'leechers at 60 %', join: 'late' }],
  expect: [
    { everyoneCompletes: 'leechers', within: '20s' },
    { everyoneCompletes: 'late', within: '20s' },
    { shareFrom: 'leechers', to: 'late', atLeast: 0.5 },
    { listedAsSeeder: 'late' },
  ],
});
