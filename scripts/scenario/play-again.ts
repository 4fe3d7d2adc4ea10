/** A run of the past: what must be played to have it again, and whether it was the same. */
import { traceLines } from '../../sim/record-lines.ts';
import type { RunRecord } from '../../sim/record.ts';
import { parseScenario } from '../../sim/schema.ts';
import { type LoadedScenario, loadScenario } from './load-scenario.ts';
import { readRecord } from './read-record.ts';
import { replayWords } from './replay-words.ts';
import type { ScenarioRun } from './run-scenario.ts';
import { traceHash } from './trace-hash.ts';
import { chooseWorld, type WorldChoice } from './worlds.ts';

export type Past = {
  readonly loaded: LoadedScenario;
  readonly choice: WorldChoice;
  readonly seed: number;
  readonly set: readonly string[];
  /** Undefined of a line, which tells how it began and not how it ended. */
  readonly record: RunRecord | undefined;
};

export type ReplayVerdict = {
  /** Null when there is nothing to compare with. */
  readonly isSame: boolean | null;
  /** The trace hash of then. */
  readonly expected: string | null;
  /** In a sentence. */
  readonly why: string;
  /** The first line of the traces in which they differ. */
  readonly difference: { readonly then: string; readonly now: string } | null;
};

export const pastOf = (given: string, isPath: boolean): Promise<Past> =>
  isPath ? fromRecord(given) : fromLine(given);

async function fromRecord(path: string): Promise<Past> {
  const record = await readRecord(path);
  const { scenario, source, seed, overrides, world } = record.header;
  // The settings are in the record's scenario already; they are only told again.
  const loaded = { scenario: parseScenario(scenario, source), source };
  const fidelity = record.end.simulated?.fidelity;
  const choice = chooseWorld(loaded.scenario, { world, fidelity });
  return { loaded, choice, seed, set: overrides, record };
}

async function fromLine(line: string): Promise<Past> {
  const { scenario, seed, world, fidelity, set } = replayWords(line);
  const loaded = await loadScenario(scenario, set);
  return {
    loaded,
    choice: chooseWorld(loaded.scenario, { world, fidelity }),
    seed,
    set,
    record: undefined,
  };
}

/** On loopback no two runs have the same trace, since time is the machine's: there the verdict is compared. */
export function verdictOf(past: Past, now: ScenarioRun, hash: string | undefined): ReplayVerdict {
  const { record } = past;
  const expected = hash ?? (record === undefined ? null : traceHash(record));
  if (past.choice.world === 'loopback' && hash === undefined)
    return byVerdict(record, now, expected);
  if (expected === null)
    return { isSame: null, expected, why: 'nothing to compare with', difference: null };
  if (expected === now.result.traceHash)
    return { isSame: true, expected, why: 'the same, event for event', difference: null };
  const difference = record === undefined ? null : firstDifference(record, now.record);
  return { isSame: false, expected, why: 'not the same', difference };
}

function byVerdict(
  then: RunRecord | undefined,
  { record }: ScenarioRun,
  expected: string | null,
): ReplayVerdict {
  if (then === undefined)
    return { isSame: null, expected, why: 'nothing to compare with', difference: null };
  const before = then.end.verdict;
  const isSame = before === record.end.verdict;
  const why = isSame
    ? `${before} as before; what happens when is not the same twice on loopback`
    : `was ${before}`;
  return { isSame, expected, why, difference: null };
}

function firstDifference(then: RunRecord, now: RunRecord): ReplayVerdict['difference'] {
  const others = traceLines(now);
  for (const line of traceLines(then)) {
    const other = others.next();
    const text = other.done === true ? '' : other.value;
    if (line !== text) return { then: line.trimEnd(), now: text.trimEnd() };
  }
  const { done, value } = others.next();
  return done === true ? null : { then: '', now: value.trimEnd() };
}
