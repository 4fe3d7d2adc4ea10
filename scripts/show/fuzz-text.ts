/** What a hunt says in the end. */
import type { Count } from '../../sim/fuzz/coverage.ts';
import type { FuzzReport } from '../scenario/fuzz.ts';
import { countText } from './units.ts';

export function fuzzSummary({ runs, seconds, seed, failures, coverage }: FuzzReport): string {
  const { features, actions, states } = coverage;
  const perSec = (runs / Math.max(seconds, 0.001)).toFixed(1);
  return [
    `${countText(runs, 'run')} from seed ${seed} on in ${seconds.toFixed(1)} s, ${perSec}/s`,
    `met: ${countLine('features', features)}, ${countLine('actions', actions)}, ${countText(states.length, 'state')}`,
    ...failures.map(({ scenario, check }) => `failed: ${check}: ${scenario}`),
    failures.length === 0 ? 'passed: nothing wrong was found' : 'failed',
  ].join('\n');
}

const countLine = (noun: string, { met, of, never }: Count): string =>
  `${met} of ${of} ${noun}${never.length === 0 ? '' : ` (not ${never.join(', ')})`}`;
