import { defineScenario, type ScenarioInput } from '../sim/scenario.ts';
import { brisk, briskTracker } from './brisk.ts';

/** Forty peers in one process: they ask the tracker less often, and so do we. */
const inACrowd = { ...brisk, announceEvery: '1s', housekeepingEvery: '250ms' };

export const flashCrowd: ScenarioInput = defineScenario({
  name: 'flash-crowd',
  story:
    'Forty leechers arrive within two seconds at a single seeder, and serve each other most of the file.',
  content: { bytes: '1MiB', pieceBytes: '32KiB' },
  peers: {
    seeder: { count: 1, has: 'all', link: { up: '1MB/s' }, options: inACrowd },
    leecher: {
      count: 40,
      has: 'nothing',
      joins: { within: '2s' },
      link: { up: '500kB/s' },
      neighbours: 8,
      options: inACrowd,
    },
  },
  tracker: { ...briskTracker, expireAfter: '6s', announceWithin: '4s', recoverWithin: '8s' },
  sampleEvery: '250ms',
  expect: [
    { everyoneCompletes: 'leechers', within: '30s' },
    { shareFrom: 'leechers', to: 'leechers', atLeast: 0.6 },
    { connectionsAtMost: 8, of: 'leechers' },
    { wastedBelow: 0.2, of: 'leechers' },
    { nobodyLost: 'leechers' },
  ],
});
