import { defineScenario, type ScenarioInput } from '../sim/scenario.ts';
import { brisk, briskTracker } from './brisk.ts';

export const wrongClocks: ScenarioInput = defineScenario({
  name: 'wrong-clocks',
  story:
    'Every clock is wrong by up to a day and gains or loses up to five seconds in a thousand: nobody notices, and the lists are right.',
  content: { bytes: '2MiB', pieceBytes: '64KiB' },
  peers: {
    seeder: {
      count: 2,
      has: 'all',
      link: { up: '250kB/s', delay: '10ms' },
      clock: { skew: '24h', drift: 5_000 },
      options: brisk,
    },
    leecher: {
      count: 6,
      has: 'nothing',
      link: { up: '250kB/s', delay: '10ms' },
      clock: { skew: '24h', drift: 5_000 },
      options: brisk,
    },
  },
  tracker: briskTracker,
  expect: [
    { everyoneCompletes: 'leechers', within: '30s' },
    { listedAsSeeder: 'leechers' },
    { nobodyLost: 'leechers' },
    { nobodyLost: 'seeders' },
  ],
});
