/** A bar for the time in which a file is hashed. */
import { basename } from 'node:path';
import type { Output } from '../command-line/output.ts';
import { Bars } from './bars.ts';
import { printable } from './printable.ts';
import { sizeText } from './units.ts';

/** Runs `work` with a callback that moves the bar. */
export async function hashing<Result>(
  output: Output,
  path: string,
  work: (onProgress: (doneBytes: number, totalBytes: number) => void) => Promise<Result>,
): Promise<Result> {
  using bars = new Bars(output);
  const bar = bars.add(`hashing ${printable(basename(path))}`, 100);
  return await work((doneBytes, totalBytes) => {
    const percent = totalBytes === 0 ? 100 : (100 * doneBytes) / totalBytes;
    bar.update(percent, `of ${sizeText(totalBytes)}`);
  });
}
