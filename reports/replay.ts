/** The line that plays a run again, as a user can paste it into a shell. */
import type { RecordHeader } from '../sim/record.ts';

export function replayLine({ source, seed, overrides, world }: RecordHeader): string {
  const words = ['swarmproof', 'run', source, '--seed', String(seed)];
  // Loopback is what `run` does unless told otherwise.
  if (world !== 'loopback') words.push('--world', world);
  for (const setting of overrides) words.push('--set', setting);
  return words.map(quoted).join(' ');
}

/** In single quotes when a shell would make something else of it. */
const quoted = (word: string): string =>
  /^[\w./:=@%+,-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
