import { defineScenario, type ScenarioInput } from '../sim/scenario.ts';
import { brisk, briskTracker } from './brisk.ts';

export const resumeAfterCrash: ScenarioInput = defineScenario({
  name: 'resume-after-crash',
  story:
    'The process of a leecher is killed half-way; started again, it keeps what it had verified and fetches the rest.',
  content: { bytes: '3MiB', pieceBytes: '64KiB' },
  isolation: 'process',
  peers: {
    seeder: { count: 1, has: 'all', link: { up: '700kB/s' }, options: brisk },
    leecher: { count: 1, has: 'nothing', options: brisk },
  },
  tracker: briskTracker,
  timeline: [
    { when: 'leecher at 60 %', crash: 'leecher' },
    { when: 'leecher left', after: '300ms', restart: 'leecher', resume: 'trust' },
  ],
  expect: [
    { resumes: 'leecher', refetchesAtMost: 0.25 },
    { everyoneCompletes: 'leecher', within: '30s' },
    { completesAfter: 'leecher', action: 'restart' },
  ],
});
