/** What a process has cost so far, as Linux counts it in /proc. */
import { readFile } from 'node:fs/promises';

export type ProcessCost = {
  /** Of all its threads, those that have ended included. */
  readonly userSeconds: number;
  readonly systemSeconds: number;
  /** The most memory it ever had resident, mapped files included. */
  readonly peakBytes: number;
  /** What of it is its own at this moment: no file's, nobody else's. */
  readonly privateBytes: number;
};

/** The kernel's unit for times in /proc, on every Linux of today. */
const ticksPerSecond = 100;

/** Fields 14 and 15 of `stat`, counted from behind the name, which may hold anything. */
const userField = 11;
const systemField = 12;

/** Rejects when there is no such process any more. */
export async function costOf(pid: number): Promise<ProcessCost> {
  const [stat, status] = await Promise.all([
    readFile(`/proc/${pid}/stat`, 'latin1'),
    readFile(`/proc/${pid}/status`, 'latin1'),
  ]);
  return parseCost(stat, status);
}

/** Reads the texts of `stat` and `status`. */
export function parseCost(stat: string, status: string): ProcessCost {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const seconds = (field: number): number => Number(fields[field]) / ticksPerSecond;
  const bytes = (name: string): number =>
    1024 * Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(status)?.[1] ?? 0);
  return {
    userSeconds: seconds(userField),
    systemSeconds: seconds(systemField),
    peakBytes: bytes('VmHWM'),
    privateBytes: bytes('RssAnon'),
  };
}

/** What was used from one moment to another; memory is that of the later one. */
export const costBetween = (before: ProcessCost, after: ProcessCost): ProcessCost => ({
  ...after,
  userSeconds: after.userSeconds - before.userSeconds,
  systemSeconds: after.systemSeconds - before.systemSeconds,
});
