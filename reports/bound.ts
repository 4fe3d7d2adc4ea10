/** The least time any protocol needs to distribute a file (Kumar and Ross, HotWeb 2006), and how near a run came. */
import type { PeerSpec } from '../sim/plan.ts';
import type { RunRecord } from '../sim/record.ts';
import type { PeerRow } from './peer-rows.ts';

export type Bound = {
  /** T = max(F/u(S), F/d_min, N*F/(u(S)+u(L))), in seconds. */
  readonly kumarRossSec: number;
  readonly binding: 'seed-bound' | 'download-bound' | 'upload-bound';
  /** From the first leecher's joining to the last completion, over the bound. Less than 1 is a bug. */
  readonly ratio: number;
};

/**
 * Undefined where the bound says nothing: no rates, several contents, peers that begin with a part or want one, rates
 * that change, or nobody who completed.
 */
export function boundOf(record: RunRecord, rows: readonly PeerRow[]): Bound | undefined {
  const [content, second] = record.contents;
  const { peers } = record.header.plan;
  if (content === undefined || second !== undefined || !isPlain(record)) return undefined;
  const seeds = peers.filter(({ contents }) => contents[0]?.has === 'all');
  const leechers = peers.filter(({ contents }) => contents[0]?.has === 'nothing');
  const finished = leechers.filter(({ name }) => row(rows, name)?.completedMs !== undefined);
  if (finished.length === 0) return undefined;
  const bytes = content.length;
  const fromSeeds = sum(seeds.map(upOf));
  const slowest = Math.min(...finished.map(downOf));
  const terms = [
    { binding: 'seed-bound', sec: bytes / fromSeeds },
    { binding: 'download-bound', sec: bytes / slowest },
    {
      binding: 'upload-bound',
      sec: (finished.length * bytes) / (fromSeeds + sum(leechers.map(upOf))),
    },
  ] as const;
  const [first] = [...terms].sort((a, b) => b.sec - a.sec);
  if (first === undefined || first.sec === 0) return undefined;
  const joined = Math.min(...leechers.map(({ name }) => row(rows, name)?.joinedMs ?? Infinity));
  const last = Math.max(...finished.map(({ name }) => row(rows, name)?.completedMs ?? 0));
  const ratio = (last - joined) / 1_000 / first.sec;
  return { kumarRossSec: first.sec, binding: first.binding, ratio };
}

const row = (rows: readonly PeerRow[], name: string): PeerRow | undefined =>
  rows.find((found) => found.name === name);

const isPlain = ({ header, actions }: RunRecord): boolean =>
  header.plan.peers.every(({ contents }) =>
    contents.every(({ has, wants }) => (has === 'all' || has === 'nothing') && wants === undefined),
  ) && !actions.some(({ action }) => action.type === 'limit' || action.type === 'restart');

/** Without a limit the link is as fast as may be, and its term falls away. */
const upOf = ({ link, options }: PeerSpec): number =>
  Math.min(link.upBytesPerSec ?? Infinity, options.upBytesPerSec ?? Infinity);

const downOf = ({ link, options }: PeerSpec): number =>
  Math.min(link.downBytesPerSec ?? Infinity, options.downBytesPerSec ?? Infinity);

const sum = (rates: readonly number[]): number => rates.reduce((total, rate) => total + rate, 0);
