import { defineScenario, type ScenarioInput } from '../sim/scenario.ts';

/**
 * A thousand peers share two cores and some memory: each serves few at once, so that what it sends goes out in large
 * writes, and holds little that is not written or not sent yet.
 */
const frugal = {
  uploadSlots: 2,
  maxBufferedBytes: '512KiB',
  maxUnsentBytes: '64KiB',
  holdHavesFor: '4s',
} as const;

/** What one machine carries. The downloads take 16 GiB below `TMPDIR`, which is best in memory: a disk would set the pace. */
export const thousandRealPeers: ScenarioInput = defineScenario({
  name: 'thousand-real-peers',
  story:
    'A seeder and 999 leechers on one machine share a file over real sockets, each with up to twenty neighbours, in as many threads as there are cores.',
  isolation: 'threads',
  record: 'lean',
  content: { bytes: '16MiB', pieceBytes: '128KiB' },
  peers: {
    seeder: { count: 1, has: 'all', neighbours: 20, options: { ...frugal, uploadSlots: 8 } },
    leecher: {
      count: 999,
      has: 'nothing',
      joins: { within: '5s' },
      neighbours: 20,
      options: frugal,
    },
  },
  // A crowd that keeps every core busy comes late to its announces.
  tracker: { interval: '30s', expireAfter: '3min', announceWithin: '1min' },
  settleWithin: '8min',
  lasts: '10min',
  sampleEvery: '1s',
  expect: [
    { everyoneCompletes: 'leechers', within: '8min' },
    { nobodyLost: 'seeder' },
    { wastedBelow: 0.05, of: 'leechers' },
  ],
});
