import { defineScenario, type ScenarioInput } from '../sim/scenario.ts';
import { brisk, briskTracker } from './brisk.ts';

export const diskFull: ScenarioInput = defineScenario({
  name: 'disk-full',
  story:
    'The disk of one leecher runs full: it stands still and says why, and goes on once there is room again.',
  content: { bytes: '2MiB', pieceBytes: '64KiB' },
  peers: {
    seeder: { count: 1, has: 'all', link: { up: '1MB/s' }, options: brisk },
    leecher: { count: 2, has: 'nothing', link: { up: '500kB/s' }, options: brisk },
  },
  tracker: briskTracker,
  timeline: [
    { when: 'leecher-0 at 20 %', 'disk-full': 'leecher-0', afterBytes: '128KiB' },
    { when: 'leecher-1 completed', after: '500ms', 'disk-heal': 'leecher-0' },
  ],
  expect: [
    { pausesBecause: 'disk-full', of: 'leecher-0' },
    { completesAfter: 'leecher-0', action: 'disk-heal' },
    { completesAfter: 'leecher-1', action: 'disk-full', before: 'disk-heal' },
    { everyoneCompletes: 'leechers', within: '30s' },
  ],
});
