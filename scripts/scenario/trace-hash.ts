/** What a run came to, in 64 hex digits: the same scenario, seed and virtual world give the same. */
import { createHash } from 'node:crypto';
import type { RunRecord } from '../../sim/record.ts';
import { traceLines } from '../../sim/record-lines.ts';
import { inChunks } from './chunks.ts';

export function traceHash(record: RunRecord): string {
  const hash = createHash('sha256');
  for (const chunk of inChunks(traceLines(record))) hash.update(chunk);
  return hash.digest('hex');
}
