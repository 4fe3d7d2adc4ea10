import { defineScenario, type ScenarioInput } from '../sim/scenario.ts';
import { brisk, briskTracker } from './brisk.ts';

export const lastSeederLeaves: ScenarioInput = defineScenario({
  name: 'last-seeder-leaves',
  story:
    'The only seeder leaves early: leechers who hold every piece between them finish, and the report says what the others miss.',
  content: [
    { bytes: '2MiB', pieceBytes: '64KiB' },
    { bytes: '1MiB', pieceBytes: '64KiB' },
  ],
  peers: {
    // So slow that not one piece gets through before it goes.
    seeder: { count: 1, has: 'all', link: { up: '10kB/s' }, options: brisk },
    lucky: { count: 4, has: 'dealt', contents: [0], link: { up: '500kB/s' }, options: brisk },
    unlucky: { count: 2, has: { allBut: [3, 7] }, contents: [1], options: brisk },
  },
  tracker: briskTracker,
  timeline: [{ at: '1s', leave: 'seeder' }],
  settleWithin: '6s',
  expect: [
    { leavesList: 'seeder' },
    { everyoneCompletes: 'lucky' },
    { completesAfter: 'lucky', action: 'leave' },
    { swarmMisses: 'nothing', content: 0 },
    { nobodyCompletes: 'unlucky' },
    { swarmMisses: [3, 7], content: 1 },
  ],
});
