import { defineScenario, type ScenarioInput } from '../sim/scenario.ts';
import { brisk, briskTracker } from './brisk.ts';

export const churn: ScenarioInput = defineScenario({
  name: 'churn',
  story:
    'Leechers come as a Poisson process and stay for Weibull times: who stays long enough completes, and the lists keep up.',
  content: { bytes: '512KiB', pieceBytes: '32KiB' },
  peers: {
    seeder: { count: 1, has: 'all', link: { up: '500kB/s' }, options: brisk },
    leecher: {
      count: 24,
      has: 'nothing',
      joins: { poisson: { perSec: 5 } },
      stays: { weibull: { shape: 1.2, scale: '2500ms' } },
      link: { up: '250kB/s' },
      options: brisk,
    },
  },
  tracker: briskTracker,
  expect: [
    { everyoneCompletes: 'leechers', orLeaves: true },
    { swarmMisses: 'nothing' },
    { nobodyLost: 'seeder' },
    { wastedBelow: 0.2, of: 'leechers' },
  ],
});
