import { defineScenario, type ScenarioInput } from '../sim/scenario.ts';
import { brisk, briskTracker } from './brisk.ts';

export const movingPeer: ScenarioInput = defineScenario({
  name: 'moving-peer',
  story:
    'A laptop changes its network in the middle of a download: its connections are dead without a word, and it goes on from its new address.',
  content: { bytes: '4MiB', pieceBytes: '64KiB' },
  peers: {
    seeder: {
      count: 2,
      has: 'all',
      link: { up: '250kB/s', delay: '10ms' },
      options: { ...brisk, silenceLimit: '5s', keepAliveEvery: '2s' },
    },
    laptop: {
      count: 1,
      has: 'nothing',
      link: { delay: '10ms' },
      options: { ...brisk, silenceLimit: '5s', keepAliveEvery: '2s' },
    },
  },
  tracker: briskTracker,
  timeline: [{ when: 'laptop at 50 %', move: 'laptop' }],
  expect: [
    { completesAfter: 'laptop', action: 'move' },
    { everyoneCompletes: 'laptop', within: '60s' },
    { listedAsSeeder: 'laptop' },
  ],
});
