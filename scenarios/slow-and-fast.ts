import { defineScenario, type ScenarioInput } from '../sim/scenario.ts';
import { brisk, briskTracker } from './brisk.ts';

export const slowAndFast: ScenarioInput = defineScenario({
  name: 'slow-and-fast',
  story:
    'Peers on slow and on fast links share a swarm: the slow ones finish later and do not hold the fast ones back.',
  content: { bytes: '2MiB', pieceBytes: '64KiB' },
  peers: {
    seeder: { count: 1, has: 'all', link: { up: '2MB/s' }, options: brisk },
    fast: {
      count: 3,
      has: 'nothing',
      link: { up: '1MB/s', down: '2MB/s', delay: 5 },
      options: brisk,
    },
    slow: {
      count: 2,
      has: 'nothing',
      link: { up: '100kB/s', down: '300kB/s', delay: 40 },
      options: brisk,
    },
  },
  tracker: briskTracker,
  expect: [
    { everyoneCompletes: 'fast', within: '5s' },
    { everyoneCompletes: 'slow', within: '20s' },
    { slower: 'slow', than: 'fast', ratio: 2 },
  ],
});
