/** The line that plays a run again, as a user can paste it into a shell. */
import type { RunRecord } from '../sim/record.ts';

export function replayLine({ header, end }: Pick<RunRecord, 'header' | 'end'>): string {
  const { source, seed, overrides, world } = header;
  const words = ['swarmproof', 'run', source, '--seed', String(seed)];
  // Loopback is what `run` does unless told otherwise.
  if (world !== 'loopback') words.push('--world', world);
  if (end.simulated !== undefined) words.push('--fidelity', end.simulated.fidelity);
  for (const setting of overrides) words.push('--set', setting);
  return words.map(quoted).join(' ');
}

/** In single quotes when a shell would make something else of it. */
const quoted = (word: string): string =>
  /^[\w./:=@%+,-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
