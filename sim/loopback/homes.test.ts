import { availableParallelism } from 'node:os';
import { expect, it } from 'vitest';
import { plan, type Plan } from '../plan.ts';
import type { Isolation } from '../scenario.ts';
import { parseScenario } from '../schema.ts';
import { descriptorLimit, descriptorsNeeded } from './descriptors.ts';
import { homesFor, workforceFor } from './homes.ts';

it('takes as many threads as there are cores, or as is said, but no more than peers', () => {
  expect(workforceFor(crowd('threads'), Infinity)).toEqual({
    count: Math.min(101, availableParallelism()),
    of: 'threads',
  });
  expect(workforceFor(crowd({ threads: 5 }), Infinity)).toEqual({ count: 5, of: 'threads' });
  expect(workforceFor(crowd({ threads: 500 }), Infinity)).toEqual({ count: 101, of: 'threads' });
});

it('takes as many processes as it needs where one may not have everything open', () => {
  const needed = descriptorsNeeded(crowd('threads'));
  expect(needed).toBeGreaterThan(101 * 10);
  expect(workforceFor(crowd({ threads: 2 }), needed)).toEqual({ count: 2, of: 'threads' });
  expect(workforceFor(crowd({ threads: 2 }), needed - 1)).toEqual({ count: 2, of: 'processes' });
  expect(workforceFor(crowd({ threads: 2 }), needed / 7)).toEqual({ count: 7, of: 'processes' });
});

it('says before the start that one process may not have as much open as all peers in it need', () => {
  const leaks = (): void => undefined;
  expect(() => homesFor(crowd('shared'), leaks, 1_000)).toThrow(/1000.*isolation: threads/);
  expect(homesFor(crowd('shared'), leaks, descriptorLimit()).name).toBe('one thread');
});

it('counts no more connections than there are others, and those of each content', () => {
  const few = descriptorsNeeded(crowd('shared', 2));
  expect(descriptorsNeeded(crowd('shared', 3)) - few).toBeLessThan(20);
});

/** A seeder and leechers of degree 10. */
function crowd(isolation: Isolation, leechers = 100): Plan {
  const input = {
    name: 'crowd',
    story: 'Many peers.',
    content: { bytes: '1MiB' },
    isolation,
    peers: {
      seeder: { count: 1, has: 'all' as const, neighbours: 10 },
      leecher: { count: leechers, has: 'nothing' as const, neighbours: 10 },
    },
    expect: [{ everyoneCompletes: 'leechers' as const }],
  };
  return plan(parseScenario(input), 1);
}
