import { defineScenario, type ScenarioInput } from '../sim/scenario.ts';
import { brisk, briskTracker } from './brisk.ts';

export const behindNats: ScenarioInput = defineScenario({
  name: 'behind-nats',
  story:
    'Two thirds of a swarm cannot be called: they call the others, everybody completes, and no two of them ever exchange a block.',
  content: { bytes: '2MiB', pieceBytes: '64KiB' },
  peers: {
    seeder: { count: 1, has: 'all', link: { up: '500kB/s', delay: '20ms' }, options: brisk },
    open: { count: 3, has: 'nothing', link: { up: '250kB/s', delay: '20ms' }, options: brisk },
    natted: {
      count: 6,
      has: 'nothing',
      nat: true,
      link: { up: '250kB/s', delay: '20ms' },
      options: brisk,
    },
  },
  tracker: briskTracker,
  expect: [
    { everyoneCompletes: 'natted', within: '60s' },
    { everyoneCompletes: 'open', within: '60s' },
    { shareFrom: 'natted', to: 'natted', atMost: 0 },
  ],
});
