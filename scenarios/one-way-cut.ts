import { defineScenario, type ScenarioInput } from '../sim/scenario.ts';
import { brisk, briskTracker } from './brisk.ts';

export const oneWayCut: ScenarioInput = defineScenario({
  name: 'one-way-cut',
  story:
    'For a while nothing comes from the seeder, which still hears everybody: the leechers trade what they have, and finish once it is healed.',
  content: { bytes: '4MiB', pieceBytes: '64KiB' },
  peers: {
    seeder: { count: 1, has: 'all', link: { up: '500kB/s', delay: '10ms' }, options: brisk },
    leecher: {
      count: 4,
      has: 'nothing',
      link: { up: '250kB/s', delay: '10ms' },
      options: brisk,
    },
  },
  tracker: briskTracker,
  timeline: [
    { when: 'leechers at 25 %', cut: ['seeder', 'leechers'], oneWay: true },
    { when: 'leechers at 25 %', after: '8s', heal: 'all' },
  ],
  expect: [
    { sendsNothing: 'seeder', to: 'leechers', after: 'cut', until: 'heal', grace: '1500ms' },
    { completesAfter: 'leechers', action: 'heal' },
    { everyoneCompletes: 'leechers', within: '60s' },
  ],
});
