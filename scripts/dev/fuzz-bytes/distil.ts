/** The few inputs that together do what all of them do. */
import { type Counter, type Counts, Painted } from './coverage.ts';
import type { Runner } from './runner.ts';

/** What a test replays for ever and a reader can look through. */
const maxKept = 50;

type Weighed = { readonly input: Uint8Array; readonly counts: Counts; readonly outcome: string };

/** Short ones first, then those that reach most: each adds code or an outcome that the ones before it lack. */
export function distilled(
  inputs: readonly Uint8Array[],
  runner: Runner,
  counter: Counter,
): readonly Uint8Array[] {
  const weighed: Weighed[] = [];
  for (const input of inputs.toSorted((a, b) => a.length - b.length)) {
    counter.read();
    const { failure, outcomes } = runner.run([input]);
    if (failure !== undefined) continue;
    weighed.push({ input, counts: counter.read(), outcome: outcomes[0] ?? '' });
  }
  const shortest = needed(weighed);
  const reach = new Map(shortest.map((one) => [one, new Painted().add(one.counts)]));
  const widest = shortest.toSorted((a, b) => (reach.get(b) ?? 0) - (reach.get(a) ?? 0));
  return needed(widest)
    .slice(0, maxKept)
    .map(({ input }) => input);
}

function needed(weighed: readonly Weighed[]): readonly Weighed[] {
  const painted = new Painted();
  const outcomes = new Set<string>();
  return weighed.filter(({ counts, outcome }) => {
    const isNew = painted.add(counts) > 0 || !outcomes.has(outcome);
    outcomes.add(outcome);
    return isNew;
  });
}
