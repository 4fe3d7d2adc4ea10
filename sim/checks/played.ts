/** The timeline was played: a fault that never happened proves nothing, and neither does one the world could not make. */
import type { Evidence } from '../evidence.ts';
import type { CheckResult } from '../record.ts';
import type { Action } from '../world.ts';
import { verdict } from './verdict.ts';

export function played({ record }: Evidence): CheckResult {
  const failed = record.actions
    .filter(({ error }) => error !== undefined)
    .map(({ at, action, error }) => `${told(action)} at ${at} ms failed: ${error ?? ''}`);
  // Who ends a run early knows that it is not whole.
  const missed = record.end.interrupted
    ? []
    : record.missed.map(
        ({ when, action }) => `${told(action)} never happened: '${when}' did not come true in time`,
      );
  return verdict('timeline', [...failed, ...missed], `${record.actions.length} actions, all done`);
}

const told = (action: Action): string =>
  'peer' in action ? `${action.type} ${action.peer}` : action.type;
