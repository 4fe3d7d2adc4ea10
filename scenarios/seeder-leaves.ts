import { defineScenario, type ScenarioInput } from '../sim/scenario.ts';
import { brisk, briskTracker } from './brisk.ts';

export const seederLeaves: ScenarioInput = defineScenario({
  name: 'seeder-leaves',
  story:
    'One of two seeders leaves in good order half-way; the downloads go on from everybody else.',
  content: { bytes: '2MiB', pieceBytes: '64KiB' },
  peers: {
    seeder: { count: 2, has: 'all', link: { up: '400kB/s' }, options: brisk },
    leecher: { count: 2, has: 'nothing', link: { up: '400kB/s' }, options: brisk },
  },
  tracker: briskTracker,
  timeline: [{ when: 'leechers at 50 %', leave: 'seeder-0' }],
  expect: [
    { leavesList: 'seeder-0' },
    { sendsNothing: 'seeder-0', to: 'leechers', after: 'leave' },
    { completesAfter: 'leechers', action: 'leave' },
    { everyoneCompletes: 'leechers', within: '20s' },
    { nobodyLost: 'leechers' },
  ],
});
