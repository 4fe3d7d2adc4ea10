import { defineScenario, type ScenarioInput } from '../sim/scenario.ts';
import { brisk, briskTracker } from './brisk.ts';

export const seederCrashes: ScenarioInput = defineScenario({
  name: 'seeder-crashes',
  story:
    'The process of one of two seeders is killed half-way; the downloads go on, and the tracker forgets it in time.',
  content: { bytes: '2MiB', pieceBytes: '64KiB' },
  isolation: 'process',
  peers: {
    seeder: { count: 2, has: 'all', link: { up: '400kB/s' }, options: brisk },
    leecher: { count: 2, has: 'nothing', link: { up: '400kB/s' }, options: brisk },
  },
  tracker: briskTracker,
  timeline: [{ when: 'leechers at 40 %', crash: 'seeder-0' }],
  expect: [
    { leavesList: 'seeder-0' },
    { completesAfter: 'leechers', action: 'crash' },
    { everyoneCompletes: 'leechers', within: '30s' },
    { nobodyLost: 'leechers' },
  ],
});
