/** Bars for the peers of one run, while it lasts. */
import type { Progress } from '../../sim/run.ts';
import type { Output } from '../command-line/output.ts';
import { Bars } from './bars.ts';
import { RunBars } from './run-bars.ts';

export async function withRunBars<Result>(
  output: Output,
  play: (onProgress: (progress: Progress) => void) => Promise<Result>,
): Promise<Result> {
  using bars = new Bars(output);
  const view = new RunBars(bars);
  return await play((progress) => view.update(progress));
}
