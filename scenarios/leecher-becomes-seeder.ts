import { defineScenario, type ScenarioInput } from '../sim/scenario.ts';
import { brisk, briskTracker } from './brisk.ts';

export const leecherBecomesSeeder: ScenarioInput = defineScenario({
  name: 'leecher-becomes-seeder',
  story:
    'The first seeder leaves as soon as one leecher is done; whoever comes next gets all of it from that leecher.',
  content: { bytes: '2MiB', pieceBytes: '64KiB' },
  peers: {
    seeder: { count: 1, has: 'all', link: { up: '1MB/s' }, options: brisk },
    first: { count: 1, has: 'nothing', link: { up: '1MB/s' }, options: brisk },
    next: { count: 2, has: 'nothing', joins: 'when-told', options: brisk },
  },
  tracker: briskTracker,
  timeline: [
    { when: 'first completed', leave: 'seeder' },
    { when: 'seeder left', after: '300ms', join: 'next' },
  ],
  expect: [
    { becomesSeeder: 'first' },
    { listedAsSeeder: 'first' },
    { leavesList: 'seeder' },
    { everyoneCompletes: 'next', within: '20s' },
    { shareFrom: 'seeder', to: 'next', atMost: 0 },
  ],
});
