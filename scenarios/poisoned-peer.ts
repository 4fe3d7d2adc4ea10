import { defineScenario, type ScenarioInput } from '../sim/scenario.ts';
import { brisk, briskTracker } from './brisk.ts';

export const poisonedPeer: ScenarioInput = defineScenario({
  name: 'poisoned-peer',
  story:
    'One of three seeders spoils every block it serves: it is found out and banned, and nobody honest is.',
  content: { bytes: '2MiB', pieceBytes: '64KiB' },
  peers: {
    seeder: { count: 2, has: 'all', link: { up: '500kB/s' }, options: brisk },
    poisoner: { count: 1, has: 'all', corrupt: 'always', link: { up: '500kB/s' }, options: brisk },
    leecher: { count: 3, has: 'nothing', link: { up: '500kB/s' }, options: brisk },
  },
  tracker: briskTracker,
  expect: [
    { everyoneCompletes: 'leechers', within: '20s' },
    { banned: 'poisoner', by: 'leechers', atLeast: 3 },
    { notBanned: 'seeders' },
    { notBanned: 'leechers' },
    { wastedBelow: 0.4, of: 'leechers' },
  ],
});
