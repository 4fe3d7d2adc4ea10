/**
 * The least time any protocol needs to distribute what a run distributed (Kumar and Ross, HotWeb 2006), and how near it
 * came. Every term takes more capacity and less to carry than there was, so that it is a true bound whoever came late or left.
 */
import type { Instant } from '../core/time.ts';
import { type Capacity, capacityOf, fluidSec, together, unlimited } from './capacity.ts';
import type { PeerSpec } from './plan.ts';
import type { PerformedAction, RunRecord } from './record.ts';
import { Stock, isSeed } from './stock.ts';

export type Binding = 'seed-bound' | 'download-bound' | 'upload-bound';

export type Bound = {
  /** T = max(F/u(S), F/d_min, N*F/(u(S)+u(L))), in seconds; F and N*F are what was wanted and lacking. */
  readonly kumarRossSec: number;
  readonly binding: Binding;
  /** From the first leecher's joining to the last completion, over the bound. Less than 1 is a bug, but for bursts. */
  readonly ratio: number;
};

/** A run, and when each peer first joined and first held everything it wants. */
export type Course = {
  readonly record: Pick<RunRecord, 'header' | 'contents' | 'actions'>;
  readonly joinedAt: (name: string) => Instant | undefined;
  readonly completedAt: (name: string) => Instant | undefined;
};

/** A leecher that completed. */
export type Finisher = {
  readonly peer: PeerSpec;
  readonly joinedAt: number;
  readonly completedAt: number;
  /** Everything it lacked when it first joined. */
  readonly lackedBytes: number;
  /** Of that, by content, what only those had who had everything. */
  readonly fromSeedsBytes: readonly number[];
  readonly down: Capacity;
};

/** What a swarm had to do and what with. */
export type Task = {
  /** When the first leecher joined: nothing was sent before. */
  readonly begins: number;
  /** In order of completion. */
  readonly finishers: readonly Finisher[];
  /** Uplinks of everybody together, and by content of those who had everything. */
  readonly up: Capacity;
  readonly seedsUp: readonly Capacity[];
};

/** Undefined where nobody completed who lacked anything. */
export function taskOf(course: Course): Task | undefined {
  const { record } = course;
  const { plan, world } = record.header;
  const done = byPeer(record.actions);
  const capacity = (peer: PeerSpec, way: 'upBytesPerSec' | 'downBytesPerSec'): Capacity =>
    capacityOf(peer, way, { world, actions: done.get(peer.name) ?? [] });
  const joined = plan.peers.filter(({ name }) => course.joinedAt(name) !== undefined);
  const stock = new Stock(plan, record.contents);
  const needs = new Map(joined.map((peer) => [peer, stock.lackedBytes(peer)]));
  const leechers = joined.filter((peer) => (needs.get(peer) ?? 0) > 0);
  const finishers = leechers.flatMap((peer): readonly Finisher[] => {
    const [joins, completes] = [course.joinedAt(peer.name), course.completedAt(peer.name)];
    if (joins === undefined || completes === undefined) return [];
    return [
      {
        peer,
        joinedAt: joins,
        completedAt: completes,
        lackedBytes: needs.get(peer) ?? 0,
        fromSeedsBytes: stock.fromSeedsBytes(peer),
        down: capacity(peer, 'downBytesPerSec'),
      },
    ];
  });
  if (finishers.length === 0) return undefined;
  const up = new Map(joined.map((peer) => [peer, capacity(peer, 'upBytesPerSec')]));
  const upOf = (peers: readonly PeerSpec[]): Capacity =>
    together(peers.map((peer) => up.get(peer) ?? unlimited));
  return {
    begins: leechers.reduce(
      (first, { name }) => Math.min(first, course.joinedAt(name) ?? first),
      Infinity,
    ),
    finishers: finishers.sort((a, b) => a.completedAt - b.completedAt),
    up: upOf(joined),
    seedsUp: record.contents.map((_, content) =>
      upOf(joined.filter((peer) => isSeed(peer, content))),
    ),
  };
}

/** Undefined where nothing limits anybody. */
export function boundOf(course: Course): Bound | undefined {
  const task = taskOf(course);
  const last = task?.finishers.at(-1);
  if (task === undefined || last === undefined) return undefined;
  const { begins, finishers, seedsUp, up } = task;
  const most = (secs: readonly number[]): number => secs.reduce((a, b) => Math.max(a, b), 0);
  const terms: readonly (readonly [Binding, number])[] = [
    ['seed-bound', most(finishers.map((finisher) => seedSec(finisher, seedsUp, fluidSec)))],
    ['download-bound', most(finishers.map(({ lackedBytes, down }) => fluidSec(lackedBytes, down)))],
    [
      'upload-bound',
      fluidSec(
        finishers.reduce((sum, one) => sum + one.lackedBytes, 0),
        up,
      ),
    ],
  ];
  const [binding, sec] = terms.reduce((a, b) => (b[1] > a[1] ? b : a));
  if (sec === 0) return undefined;
  return { kumarRossSec: sec, binding, ratio: (last.completedAt - begins) / 1_000 / sec };
}

/** The least time until the seeds have given out what this one needs of them alone. */
export const seedSec = (
  { fromSeedsBytes }: Finisher,
  seedsUp: readonly Capacity[],
  sec: (bytes: number, capacity: Capacity) => number,
): number =>
  fromSeedsBytes.reduce(
    (most, bytes, content) => Math.max(most, sec(bytes, seedsUp[content] ?? unlimited)),
    0,
  );

function byPeer(
  actions: readonly PerformedAction[],
): ReadonlyMap<string, readonly PerformedAction[]> {
  const groups = new Map<string, PerformedAction[]>();
  for (const done of actions) {
    if (!('peer' in done.action)) continue;
    const group = groups.get(done.action.peer);
    if (group === undefined) groups.set(done.action.peer, [done]);
    else group.push(done);
  }
  return groups;
}
