import { defineScenario, type ScenarioInput } from '../sim/scenario.ts';
import { brisk, briskTracker } from './brisk.ts';

/** Rates are compared over two rounds: at 60 kB/s a connection needs rounds this long to be measured at all. */
const trading = { ...brisk, rechokeEvery: '700ms', optimisticEvery: '2100ms' };

export const freeRider: ScenarioInput = defineScenario({
  name: 'free-rider',
  story:
    'Fourteen peers trade what they get and go when they are done; two that give nothing get the file as well, but later.',
  content: { bytes: '2MiB', pieceBytes: '16KiB' },
  peers: {
    seeder: { count: 1, has: 'all', link: { up: '500kB/s' }, options: brisk },
    giver: {
      count: 14,
      has: 'nothing',
      stays: 'until-complete',
      link: { up: '250kB/s' },
      options: { ...trading, uploadSlots: 3 },
    },
    'free-rider': {
      count: 2,
      has: 'nothing',
      // Without the fast extension, which lets newcomers have some pieces from everybody for nothing.
      options: { ...trading, uploadSlots: 0, optimisticSlots: 0, fast: false },
    },
  },
  // It is not about the tracker, which gives seventeen peers in one process a little more time.
  tracker: { ...briskTracker, expireAfter: '6s', announceWithin: '4s', recoverWithin: '8s' },
  expect: [
    { everyoneCompletes: 'givers', within: '40s' },
    { everyoneCompletes: 'free-riders', within: '60s' },
    // 1.12 to 1.4 as measured, by how busy the machine is; real time leaves no more room to claim.
    { slower: 'free-riders', than: 'givers', ratio: 1.05 },
    { shareFrom: 'free-riders', to: 'givers', atMost: 0 },
  ],
});
