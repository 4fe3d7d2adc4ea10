import { defineScenario, type ScenarioInput } from '../sim/scenario.ts';
import { brisk, briskTracker } from './brisk.ts';

export const frozenPeer: ScenarioInput = defineScenario({
  name: 'frozen-peer',
  story:
    'A seeder falls silent with its connections open: its blocks are asked for elsewhere and nobody waits for it.',
  content: { bytes: '2MiB', pieceBytes: '64KiB' },
  peers: {
    seeder: { count: 2, has: 'all', link: { up: '400kB/s' }, options: brisk },
    leecher: { count: 2, has: 'nothing', link: { up: '400kB/s' }, options: brisk },
  },
  tracker: briskTracker,
  timeline: [
    { when: 'leechers at 30 %', freeze: 'seeder-0' },
    { when: 'leechers completed', thaw: 'seeder-0' },
  ],
  expect: [
    { everyoneCompletes: 'leechers', within: '20s' },
    { completesAfter: 'leechers', action: 'freeze', before: 'thaw' },
    { sendsNothing: 'seeder-0', to: 'leechers', after: 'freeze', until: 'thaw' },
    { nobodyLost: 'seeders' },
  ],
});
