import { defineScenario, type ScenarioInput } from '../sim/scenario.ts';
import { brisk, briskTracker } from './brisk.ts';

export const trackerRestart: ScenarioInput = defineScenario({
  name: 'tracker-restart',
  story:
    'The tracker is restarted under a running swarm: every torrent comes back to the list with the id it had.',
  content: [
    { bytes: '1MiB', pieceBytes: '64KiB' },
    { bytes: '256KiB', pieceBytes: '64KiB' },
    { bytes: '512KiB', pieceBytes: '64KiB' },
  ],
  peers: {
    seeder: { count: 1, has: 'all', link: { up: '500kB/s' }, options: brisk },
    leecher: { count: 2, has: 'nothing', contents: [0, 2], options: brisk },
    newcomer: { count: 1, has: 'nothing', joins: 'when-told', options: brisk },
  },
  tracker: { ...briskTracker, keepsState: true },
  timeline: [
    { when: 'leechers at 30 %', 'tracker-restart': true },
    { when: 'leechers completed', join: 'newcomer' },
  ],
  expect: [
    { trackerKeepsIds: true },
    { completesAfter: 'leechers', action: 'tracker-restart' },
    { everyoneCompletes: 'leechers', within: '20s' },
    { everyoneCompletes: 'newcomer', within: '20s' },
    { listedAsSeeder: 'newcomer' },
  ],
});
