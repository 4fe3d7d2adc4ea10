import { defineScenario, type ScenarioInput } from '../sim/scenario.ts';
import { brisk, briskTracker } from './brisk.ts';

export const updatingSeedingStatus: ScenarioInput = defineScenario({
  name: 'updating-seeding-status',
  story:
    'Two of three seeders stop; they leave the list at once, and who comes now gets all from the last one.',
  content: { bytes: '1MiB', pieceBytes: '64KiB' },
  peers: {
    leaver: { count: 2, has: 'all', options: brisk },
    stayer: { count: 1, has: 'all', link: { up: '1MB/s' }, options: brisk },
    newcomer: { count: 1, has: 'nothing', joins: { at: '2s' }, options: brisk },
  },
  tracker: briskTracker,
  timeline: [{ at: '1s', leave: 'leavers' }],
  expect: [
    { leavesList: 'leavers' },
    { listedAsSeeder: 'stayer' },
    { everyoneCompletes: 'newcomer' },
    { shareFrom: 'stayer', to: 'newcomer', atLeast: 1 },
  ],
});
