import { defineScenario, type ScenarioInput } from '../sim/scenario.ts';

/** Sessions as they were measured in the Debian torrent of Stutzbach and Rejaie (IMC 2006), whose Weibull shape is 0.38. */
/** Nobody needs to look after time-outs every second when a week is to pass. */
const leisurely = { housekeepingEvery: '10s' } as const;

export const weekOfChurn: ScenarioInput = defineScenario({
  name: 'week-of-churn',
  story:
    'For a week leechers come every two hours and stay as long as people do: most are done before they go, and the lists are right all the time.',
  world: 'virtual',
  record: 'lean',
  content: { bytes: '32MiB', pieceBytes: '256KiB' },
  peers: {
    seeder: { count: 1, has: 'all', link: { up: '50kB/s', delay: '20ms' }, options: leisurely },
    leecher: {
      count: 84,
      has: 'nothing',
      joins: { poisson: { perSec: 1 / 7_200 } },
      stays: { weibull: { shape: 0.38, scale: '42min' } },
      link: { up: '50kB/s', down: '500kB/s', delay: '20ms' },
      options: leisurely,
    },
  },
  tracker: { interval: '10min', expireAfter: '30min' },
  settleWithin: '8d',
  lasts: '17d',
  sampleEvery: '10min',
  expect: [
    { everyoneCompletes: 'leechers', orLeaves: true },
    { swarmMisses: 'nothing' },
    { nobodyLost: 'seeder' },
  ],
});
