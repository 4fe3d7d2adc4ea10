import { defineScenario, type ScenarioInput } from '../sim/scenario.ts';

/** The default setting of Bharambe, Herley and Padmanabhan (INFOCOM 2006), but for the degree, which is 7 there. */
export const thousandPeers: ScenarioInput = defineScenario({
  name: 'thousand-peers',
  story:
    'A thousand leechers come within ten seconds, share a hundred megabytes over home links, and go when they are done.',
  world: 'virtual',
  record: 'lean',
  content: { bytes: '100MiB', pieceBytes: '256KiB' },
  peers: {
    seeder: { count: 1, has: 'all', link: { up: '750kB/s', delay: '10ms' }, neighbours: 80 },
    leecher: {
      count: 1_000,
      has: 'nothing',
      joins: { within: '10s' },
      stays: 'until-complete',
      link: { up: '50kB/s', down: '187500B/s', delay: '10ms' },
      neighbours: 40,
    },
  },
  // Who has lost all its neighbours may ask for others within a minute.
  tracker: { interval: '1min', expireAfter: '3min' },
  settleWithin: '3h',
  lasts: '4h',
  sampleEvery: '30s',
  expect: [
    { everyoneCompletes: 'leechers', within: '1h' },
    { nobodyLost: 'seeder' },
    { wastedBelow: 0.05, of: 'leechers' },
  ],
});
