/** Puts a run's report on disk. Each file appears whole or not at all, whatever happens meanwhile. */
import { mkdir, open, rename, rm, symlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Account } from '../../reports/account.ts';
import { availabilityCsv } from '../../reports/availability.ts';
import { completionCsv } from '../../reports/completion.ts';
import { reportMarkdown } from '../../reports/report.ts';
import { seedersCsv } from '../../reports/seeders.ts';
import { summaryCsv } from '../../reports/summary.ts';
import { throughputCsv } from '../../reports/throughput.ts';
import { transfersCsv } from '../../reports/transfers.ts';
import { recordLines } from '../../sim/record-lines.ts';
import { inChunks } from './chunks.ts';

/** The record first: the others are functions of it. */
const writers: Readonly<Record<string, (account: Account) => Iterable<string>>> = {
  'record.ndjson': ({ record }) => recordLines(record),
  'summary.csv': summaryCsv,
  'throughput.csv': throughputCsv,
  'transfers.csv': transfersCsv,
  'seeders.csv': seedersCsv,
  'completion.csv': completionCsv,
  'availability.csv': availabilityCsv,
  'report.md': reportMarkdown,
};

/** Writes every file of the report into `dir` and points the `latest` link beside `dir` to it. */
export async function writeReport(account: Account, dir: string): Promise<void> {
  await mkdir(dir, { recursive: true });
  for (const [name, write] of Object.entries(writers))
    await replace(join(dir, name), write(account));
  await sync(dir);
  await pointLatest(dir);
}

async function replace(path: string, texts: Iterable<string>): Promise<void> {
  const temporary = `${path}.tmp`;
  try {
    const file = await open(temporary, 'w');
    try {
      for (const chunk of inChunks(texts)) await file.writeFile(chunk);
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
