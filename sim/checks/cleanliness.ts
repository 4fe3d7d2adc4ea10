/** Cleanliness: no socket, timer, file handle, child process or temporary file outlives the run. */
import type { Evidence } from '../evidence.ts';
import type { CheckResult } from '../record.ts';
import { verdict } from './verdict.ts';

export const cleanliness = ({ record }: Evidence): CheckResult =>
  verdict(
    'cleanliness',
    record.leaks.map(({ kind, what }) => `${kind} left behind: ${what}`),
    'nothing was left behind',
  );
