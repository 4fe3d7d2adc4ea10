import { defineScenario, type ScenarioInput } from '../sim/scenario.ts';
import { brisk, briskTracker } from './brisk.ts';

export const powerCut: ScenarioInput = defineScenario({
  name: 'power-cut',
  story:
    'The power of a leecher fails half-way and takes with it what the disk had not synced: back again, it claims only what is there and fetches the rest.',
  content: { bytes: '4MiB', pieceBytes: '64KiB' },
  peers: {
    seeder: { count: 1, has: 'all', link: { up: '250kB/s', delay: '10ms' }, options: brisk },
    leecher: {
      count: 2,
      has: 'nothing',
      link: { up: '250kB/s', delay: '10ms' },
      options: { ...brisk, silenceLimit: '5s', keepAliveEvery: '2s' },
    },
  },
  tracker: briskTracker,
  timeline: [
    { when: 'leecher-0 at 50 %', 'power-cut': 'leecher-0' },
    { when: 'leecher-0 at 50 %', after: '8s', restart: 'leecher-0' },
  ],
  expect: [
    { everyoneCompletes: 'leechers' },
    { resumes: 'leecher-0', refetchesAtMost: 0.5 },
    { nobodyLost: 'seeder' },
    { notBanned: 'leecher-0' },
  ],
});
