/** How often to announce: what a tracker asks for (BEP 3), within reason, and how to wait when none answers. */
import { type Duration, millis, minutes, seconds } from '../time.ts';
import type { Random } from '../random.ts';
import type { AnnounceSuccess } from '../tracker/announce.ts';

export type Pace = {
  /** Between regular announces. */
  readonly interval: Duration;
  /** Between any two, also when more peers are wanted. */
  readonly least: Duration;
};

/** A tracker that asks for less would be flooded by its own fault, or wants us to flood somebody else. */
const shortestInterval = seconds(5);
/** A tracker that asks for more forgets us, or means to. */
const longestInterval = minutes(120);
/** What BEP 3 trackers have long asked for; for those that say nothing. */
const usualInterval = minutes(30);
/** How soon a tracker that names no minimum may be asked again. */
const usualLeast = seconds(60);

const firstRetry = seconds(5);
/** A tracker that was away is found again in this time. */
const longestRetry = minutes(5);

/** The pace that an answer asks for; `override` goes before its interval, and is never too soon. */
export function paceOf(
  { interval = usualInterval, minInterval = usualLeast }: Partial<AnnounceSuccess>,
  override: Duration | undefined,
): Pace {
  if (override !== undefined) return { interval: override, least: within(minInterval, override) };
  const kept = within(interval, longestInterval);
  return { interval: kept, least: within(minInterval, kept) };
}

/**
 * How long to wait after so many rounds in which no tracker answered: doubled each time, at most an interval, and never
 * the same for two peers, so that a tracker that comes back is not asked by all of them at once.
 */
export function backoff(failures: number, { interval }: Pace, random: Random): Duration {
  const first = Math.min(firstRetry, interval);
  const most = Math.min(longestRetry, interval);
  const wait = Math.min(most, first * 2 ** Math.min(failures - 1, 30));
  return millis(wait * (0.5 + random() / 2));
}

const within = (asked: Duration, most: Duration): Duration =>
  millis(Math.min(most, Math.max(shortestInterval, asked)));
