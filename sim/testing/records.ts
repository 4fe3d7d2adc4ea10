/** Records to judge: a good one from a run of the fake world, and doctored copies of it. */
import type { CheckResult, RunRecord } from '../record.ts';
import { RecordReader, recordLines } from '../record-lines.ts';
import { type RunOptions, run } from '../run.ts';
import type { ScenarioInput } from '../scenario.ts';
import { parseScenario } from '../schema.ts';
import type { RecordedEvent } from '../world.ts';
import { FakeWorld } from './fake-world.ts';

/** Two seeders and two leechers, and nothing goes wrong. */
export const calm: ScenarioInput<'seeder' | 'leecher'> = {
  name: 'calm',
  story: 'Two leechers fetch a file from two seeders.',
  content: { bytes: '128KiB', pieceBytes: '16KiB' },
  peers: {
    seeder: { count: 2, has: 'all' },
    leecher: { count: 2, has: 'nothing', joins: { at: 100 } },
  },
  expect: [{ everyoneCompletes: 'leechers' }],
};

export const unstopped: RunOptions['signal'] = {
  aborted: false,
  addEventListener: () => undefined,
  removeEventListener: () => undefined,
};

export async function recordOf(input: ScenarioInput, seed = 1): Promise<RunRecord> {
  await using world = new FakeWorld();
  return await run(parseScenario(input), world, { seed, signal: unstopped });
}

/** The record with some of its parts replaced. */
export const doctored = (record: RunRecord, parts: Partial<RunRecord>): RunRecord => ({
  ...record,
  ...parts,
});

/** The record with an event put in where its time belongs. */
export const withEvent = (record: RunRecord, event: RecordedEvent): RunRecord =>
  doctored(record, {
    events: [
      ...record.events.filter(({ at }) => at <= event.at),
      event,
      ...record.events.filter(({ at }) => at > event.at),
    ],
  });

export const broken = ({ checks }: RunRecord): readonly CheckResult[] =>
  checks.filter(({ held }) => !held);

export const toText = (record: RunRecord): string => [...recordLines(record)].join('');

export function fromText(text: string): RunRecord {
  const reader = new RecordReader();
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  for (const line of lines) reader.read(line);
  return reader.close();
}
