/** Runs in turn, so that whatever changes with the hour changes for all alike. */
import type { Setting } from './setting.ts';

export type Trial<Outcome> = {
  readonly subject: string;
  readonly play: () => Promise<Outcome>;
  readonly told: (outcome: Outcome) => string;
};

/**
 * A B A B. The first trial is ours and must not fail; another that does is told and has no figures, and the rest are not
 * held up by it.
 */
export async function interleaved<Outcome>(
  trials: readonly Trial<Outcome>[],
  { progress, runs }: Pick<Setting, 'progress' | 'runs'>,
): Promise<ReadonlyMap<string, readonly Outcome[]>> {
  progress.expect(runs * trials.length);
  const outcomes = new Map<Trial<Outcome>, Outcome[]>(trials.map((trial) => [trial, []]));
  for (let run = 0; run < runs; run += 1)
    for (const [trial, found] of outcomes) {
      const end = await played(trial);
      if ('outcome' in end) {
        found.push(end.outcome);
        progress.ran(`${trial.subject}: ${trial.told(end.outcome)}`);
        continue;
      }
      if (trial === trials[0]) throw end.error;
      outcomes.delete(trial);
      progress.expect(run - runs);
      progress.warn(`without ${trial.subject}: ${reasonOf(end.error)}`);
    }
  return new Map([...outcomes].map(([{ subject }, found]) => [subject, found]));
}

const reasonOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);

async function played<Outcome>({
  play,
}: Trial<Outcome>): Promise<{ readonly outcome: Outcome } | { readonly error: unknown }> {
  try {
    return { outcome: await play() };
  } catch (error) {
    return { error };
  }
}
