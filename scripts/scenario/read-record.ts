/** A record from disk, line by line: a long run has more text than one string can hold. */
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { RunRecord } from '../../sim/record.ts';
import { RecordError, RecordReader } from '../../sim/record-lines.ts';
import { usageError } from '../command-line/command-error.ts';

export const recordName = 'record.ndjson';

/** `path` is the record, or the folder of its report. Rejects with a usage error when it is no record. */
export async function readRecord(path: string): Promise<RunRecord> {
  const file = (await stat(path)).isDirectory() ? join(path, recordName) : path;
  const reader = new RecordReader();
  try {
    for await (const line of linesOf(file)) reader.read(line);
    return reader.close();
  } catch (error) {
    if (error instanceof RecordError) throw usageError(`${file}: ${error.message}`);
    throw error;
  }
}

/** By `\n` alone: what else Node's own reader takes for the end of a line may stand inside a JSON text. */
async function* linesOf(file: string): AsyncGenerator<string> {
  let rest = '';
  for await (const chunk of createReadStream(file, 'utf8') as AsyncIterable<string>) {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
  }
  if (rest !== '') yield rest;
}
