/** The line that plays a run again, as a user can paste it into a shell. */
import type { RunRecord } from '../sim/record.ts';
import type { Simulated } from '../sim/world.ts';

/** What must be said to get the same run. */
export type Played = {
  /** As a user names the scenario. */
  readonly source: string;
  readonly seed: number;
  readonly world: 'loopback' | 'virtual';
  readonly fidelity?: Simulated['fidelity'] | undefined;
  readonly overrides: readonly string[];
};

export const replayLine = ({ header, end }: Pick<RunRecord, 'header' | 'end'>): string =>
  lineOf({ ...header, fidelity: end.simulated?.fidelity });

export function lineOf({ source, seed, world, fidelity, overrides }: Played): string {
  const words = ['swarmproof', 'run', source, '--seed', String(seed)];
  // Loopback is what `run` does unless told otherwise.
  if (world !== 'loopback') words.push('--world', world);
  if (fidelity !== undefined) words.push('--fidelity', fidelity);
  for (const setting of overrides) words.push('--set', setting);
  return words.map(quoted).join(' ');
}

/** In single quotes when a shell would make something else of it. */
const quoted = (word: string): string =>
  /^[\w./:=@%+,-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
