/** Runs to compare: records, folders of reports, or the documents of `--json`. */
import { existsSync } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { z } from 'zod';
import { accountOf } from '../../reports/account.ts';
import { metricFacts } from '../../reports/figures.ts';
import type { Metrics } from '../../reports/metrics.ts';
import type { Verdict } from '../../sim/record.ts';
import { usageError } from '../command-line/command-error.ts';
import { readRecord, recordName } from './read-record.ts';

export type RunSet = {
  readonly scenarios: readonly string[];
  /** Of the runs that passed, like those of a series. */
  readonly metrics: readonly Metrics[];
  readonly runs: number;
  readonly failed: number;
};

type OneRun = {
  readonly scenario: string;
  readonly verdict: Verdict | 'crashed';
  readonly metrics: Metrics | null;
};

/**
 * `path` is a record, the folder of a report, a folder of such folders, or the document of `run` or `sweep`.
 * Rejects with a usage error when there is no run in it.
 */
export async function readRuns(path: string): Promise<RunSet> {
  const runs = await runsIn(path);
  if (runs.length === 0) throw usageError(`${path}: there is no run in it`);
  const passed = runs.filter(({ verdict }) => verdict === 'passed');
  return {
    scenarios: [...new Set(runs.map(({ scenario }) => scenario))].sort(),
    metrics: passed.flatMap(({ metrics }) => metrics ?? []),
    runs: runs.length,
    failed: runs.length - passed.length,
  };
}

async function runsIn(path: string): Promise<readonly OneRun[]> {
  if (!(await stat(path)).isDirectory())
    return extname(path) === '.json' ? fromDocument(path) : [await fromRecord(path)];
  if (existsSync(join(path, recordName))) return [await fromRecord(path)];
  const runs: OneRun[] = [];
  const entries = await readdir(path, { withFileTypes: true });
  // `latest` is a link to one of the others.
  const folders = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  for (const name of folders.sort()) {
    const folder = join(path, name);
    if (existsSync(join(folder, recordName))) runs.push(await fromRecord(folder));
  }
  return runs;
}

async function fromRecord(path: string): Promise<OneRun> {
  const record = await readRecord(path);
  const { metrics } = accountOf(record);
  return { scenario: record.header.scenario.name, verdict: record.end.verdict, metrics };
}

const figure = z.number().nullable().default(null);
const metricsOfDocument = z.object(
  Object.fromEntries(metricFacts.map(({ name }) => [name, figure])),
) as unknown as z.ZodType<Metrics>;
const verdict = z.enum(['passed', 'failed', 'unsupported', 'crashed']);
const oneRun = z.object({ scenario: z.string(), verdict, metrics: metricsOfDocument });
const outcome = z.object({ verdict, metrics: metricsOfDocument.nullable() });
const series = z.object({ scenario: z.string(), outcomes: z.array(outcome) });
const document = z.union([series, oneRun]);

async function fromDocument(path: string): Promise<readonly OneRun[]> {
  const parsed = document.safeParse(jsonIn(path, await readFile(path, 'utf8')));
  if (!parsed.success)
    throw usageError(`${path}: not a document that \`run --json\` or \`sweep --json\` prints`);
  const { data } = parsed;
  if (!('outcomes' in data)) return [data];
  return data.outcomes.map((each) => ({ ...each, scenario: data.scenario }));
}

function jsonIn(path: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw usageError(`${path}: ${error instanceof Error ? error.message : String(error)}`);
  }
}
