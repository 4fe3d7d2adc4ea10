import { defineScenario, type ScenarioInput } from '../sim/scenario.ts';
import { brisk, briskTracker } from './brisk.ts';

export const trackerOutage: ScenarioInput = defineScenario({
  name: 'tracker-outage',
  story:
    'The tracker is away for a while: those who know each other finish without it, and a newcomer waits for its return.',
  content: { bytes: '1MiB', pieceBytes: '64KiB' },
  peers: {
    seeder: { count: 1, has: 'all', link: { up: '500kB/s' }, options: brisk },
    leecher: { count: 2, has: 'nothing', link: { up: '500kB/s' }, options: brisk },
    newcomer: { count: 1, has: 'nothing', joins: 'when-told', options: brisk },
  },
  tracker: { ...briskTracker, keepsState: true },
  timeline: [
    { when: 'leechers at 20 %', 'tracker-stop': true },
    { when: 'leechers at 60 %', join: 'newcomer' },
    { when: 'leechers completed', after: '500ms', 'tracker-restart': true },
  ],
  expect: [
    { completesAfter: 'leechers', action: 'tracker-stop', before: 'tracker-restart' },
    { completesAfter: 'newcomer', action: 'tracker-restart' },
    { everyoneCompletes: 'leechers' },
    { everyoneCompletes: 'newcomer' },
  ],
});
