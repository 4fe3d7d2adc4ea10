/** Lengths of time on the command line: `30s`, `5min`. */
import type { Duration } from '../../core/time.ts';
import { parseDuration } from '../../sim/quantity.ts';
import { usageError } from '../command-line/command-error.ts';

/** `undefined` stays undefined. Throws a usage error for what is no length of time. */
export function durationOption(written: string | undefined): Duration | undefined {
  if (written === undefined) return undefined;
  const duration = parseDuration(written);
  if (duration === undefined)
    throw usageError(`not a length of time: ${written} (say 30s or 5min)`);
  return duration;
}
