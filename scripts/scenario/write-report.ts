/** Puts a run's report on disk. Each file appears whole or not at all, whatever happens meanwhile. */
import { mkdir, open, rename, rm, symlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { reportMarkdown } from '../../reports/report.ts';
import { seedersCsv } from '../../reports/seeders.ts';
import { summaryCsv } from '../../reports/summary.ts';
import { throughputCsv } from '../../reports/throughput.ts';
import { transfersCsv } from '../../reports/transfers.ts';
import type { RunRecord } from '../../sim/record.ts';
import { toLines } from '../../sim/record-lines.ts';

/** The record first: the others are functions of it. */
const writers: Readonly<Record<string, (record: RunRecord) => string>> = {
  'record.ndjson': toLines,
  'summary.csv': summaryCsv,
  'throughput.csv': throughputCsv,
  'transfers.csv': transfersCsv,
  'seeders.csv': seedersCsv,
  'report.md': reportMarkdown,
};

/** Writes every file of the report into `dir` and points the `latest` link beside `dir` to it. */
export async function writeReport(record: RunRecord, dir: string): Promise<void> {
  await mkdir(dir, { recursive: true });
  for (const [name, write] of Object.entries(writers))
    await replace(join(dir, name), write(record));
  await sync(dir);
  await pointLatest(dir);
}

async function replace(path: string, text: string): Promise<void> {
  const temporary = `${path}.tmp`;
  try {
    const file = await open(temporary, 'w');
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

async function sync(dir: string): Promise<void> {
  const folder = await open(dir, 'r');
  await folder.sync();
  await folder.close();
}

/** A link is replaced by renaming another over it; where there are no links (some Windows) there is no `latest`. */
async function pointLatest(dir: string): Promise<void> {
  const link = join(dirname(dir), 'latest');
  const temporary = `${link}.${process.pid}.tmp`;
  try {
    await symlink(basename(dir), temporary, 'dir');
    await rename(temporary, link);
  } catch {
    await rm(temporary, { force: true });
  }
}
