import { defineScenario, type ScenarioInput } from '../sim/scenario.ts';
import { brisk, briskTracker } from './brisk.ts';

export const freeRider: ScenarioInput = defineScenario({
  name: 'free-rider',
  story:
    'A peer that uploads nothing still gets the file, but later than those who give as they take.',
  content: { bytes: '2MiB', pieceBytes: '32KiB' },
  peers: {
    seeder: {
      count: 1,
      has: 'all',
      link: { up: '300kB/s' },
      options: { ...brisk, uploadSlots: 2 },
    },
    giver: {
      count: 5,
      has: 'nothing',
      link: { up: '300kB/s' },
      options: { ...brisk, uploadSlots: 3 },
    },
    'free-rider': {
      count: 1,
      has: 'nothing',
      options: { ...brisk, uploadSlots: 0, optimisticSlots: 0 },
    },
  },
  tracker: briskTracker,
  expect: [
    { everyoneCompletes: 'givers', within: '30s' },
    { everyoneCompletes: 'free-rider', within: '40s' },
    { slower: 'free-rider', than: 'givers', ratio: 1.15 },
    { shareFrom: 'free-rider', to: 'givers', atMost: 0 },
  ],
});
