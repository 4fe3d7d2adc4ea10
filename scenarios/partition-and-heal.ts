import { defineScenario, type ScenarioInput } from '../sim/scenario.ts';
import { brisk, briskTracker } from './brisk.ts';

export const partitionAndHeal: ScenarioInput = defineScenario({
  name: 'partition-and-heal',
  story:
    'The network breaks in two for a while: one side finishes, the other waits, and finishes once it is whole again.',
  content: { bytes: '2MiB', pieceBytes: '64KiB' },
  peers: {
    seeder: { count: 1, has: 'all', link: { up: '500kB/s' }, options: brisk },
    near: { count: 2, has: 'nothing', link: { up: '500kB/s' }, options: brisk },
    far: { count: 2, has: 'nothing', link: { up: '500kB/s' }, options: brisk },
  },
  tracker: briskTracker,
  timeline: [
    { when: 'far at 25 %', cut: ['seeder', 'far'] },
    { when: 'far at 25 %', cut: ['near', 'far'] },
    { when: 'near completed', after: '1s', heal: 'all' },
  ],
  expect: [
    { completesAfter: 'near', action: 'cut', before: 'heal' },
    { sendsNothing: 'seeder', to: 'far', after: 'cut', until: 'heal', grace: '1500ms' },
    { sendsNothing: 'near', to: 'far', after: 'cut', until: 'heal', grace: '1500ms' },
    { completesAfter: 'far', action: 'heal' },
    { everyoneCompletes: 'far', within: '30s' },
  ],
});
