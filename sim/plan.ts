/** The plan of a run: every chance in the scenario drawn once, so that both worlds are told exactly the same things. */
import { randomStream } from '../core/random.ts';
import type { TorrentOptions } from '../core/swarm/options.ts';
import { type Duration, type Instant, after, start } from '../core/time.ts';
import type { PeerId } from '../core/torrent/ids.ts';
import { makePeerId } from '../core/torrent/peer-id.ts';
import { maxPeersPerGroup } from './limits.ts';
import { type Equipment, equipment } from './plan-equipment.ts';
import { groupSteps, timelineSteps } from './plan-steps.ts';
import type {
  ContentSpec,
  Corruption,
  Holding,
  Isolation,
  PeerGroup,
  RecordMode,
  Scenario,
  TrackerSpec,
  WorldWanted,
} from './scenario.ts';
import type { Roles } from './who.ts';
import type { ConditionalStep, Step } from './step.ts';

export type { Cause, ConditionalStep, Step } from './step.ts';

export type Plan = {
  readonly scenario: string;
  readonly seed: number;
  readonly contents: readonly ContentSpec[];
  readonly peers: readonly PeerSpec[];
  readonly tracker: TrackerSpec;
  readonly world: WorldWanted;
  readonly isolation: Isolation;
  /** In order of time, then of the scenario. */
  readonly steps: readonly Step[];
  readonly conditional: readonly ConditionalStep[];
  readonly faultsUntil: Instant;
  readonly settleWithin: Duration;
  readonly ends: Instant;
  readonly sampleEvery: Duration;
  readonly record: RecordMode;
};

/** One peer. Its id, number, options and random streams follow from the seed and its name alone. */
export type PeerSpec = Equipment & {
  /** `leecher-3`: the role and the index in the group. Also the name of its random stream: `randomStream(seed, name)`. */
  readonly name: string;
  readonly role: string;
  readonly index: number;
  /** From 1, unique in the run, and the same whatever the counts of other groups: for its address. At most 2^24 - 1. */
  readonly number: number;
  readonly peerId: PeerId;
  readonly client: string;
  readonly contents: readonly PeerContent[];
  readonly options: Partial<TorrentOptions>;
  readonly corrupt: Corruption;
  /** Which of its group's networks it is in, from 0. */
  readonly network?: number;
};

/** A content as one peer takes part in it. Which pieces `has` means is told by `piecesHeld` (holding.ts). */
export type PeerContent = {
  /** Index into `plan.contents`. */
  readonly content: number;
  readonly has: Holding;
  /** Paths of the files it wants; everything when undefined. */
  readonly wants?: readonly string[];
};

/** Draws every chance of the scenario. Pure: the same scenario and seed give the same plan. */
export function plan(scenario: Scenario, seed: number): Plan {
  const groups = Object.entries(scenario.peers);
  const peers = groups.flatMap(([role, group], i) =>
    Array.from({ length: group.count }, (_, index) =>
      specOf({ role, group, index, number: i }, { scenario, seed }),
    ),
  );
  const roles: Roles = new Map(groups.map(([role, { count }]) => [role, count]));
  const played = [
    ...groups.map(([role, group]) => groupSteps(role, group, seed)),
    timelineSteps(scenario.timeline, roles, seed),
  ];
  return {
    scenario: scenario.name,
    seed,
    contents: scenario.content,
    peers,
    tracker: scenario.tracker,
    world: scenario.world,
    isolation: scenario.isolation,
    steps: inOrder(played.flatMap(({ steps }) => steps)),
    conditional: played.flatMap(({ conditional }) => conditional),
    faultsUntil: after(start, scenario.faultsUntil),
    settleWithin: scenario.settleWithin,
    ends: after(start, scenario.lasts),
    sampleEvery: scenario.sampleEvery,
    record: scenario.record,
  };
}

/** By time; at the same moment in the order of the scenario: groups as they stand there, then the timeline. */
const inOrder = (steps: readonly Step[]): readonly Step[] =>
  steps
    .map((step, order) => ({ step, order }))
    .sort((a, b) => a.step.at - b.step.at || a.order - b.order)
    .map(({ step }) => step);

type Member = {
  readonly role: string;
  readonly group: PeerGroup;
  readonly index: number;
  /** Which group it is. */
  readonly number: number;
};

function specOf(
  member: Member,
  { scenario, seed }: { scenario: Scenario; seed: number },
): PeerSpec {
  const { role, group, index } = member;
  const name = `${role}-${index}`;
  const contents = group.contents ?? scenario.content.map((_, i) => i);
  return {
    name,
    role,
    index,
    number: member.number * (maxPeersPerGroup + 1) + index + 1,
    peerId: makePeerId(randomStream(seed, `${name}/peer-id`)),
    client: group.client,
    ...equipment(group, randomStream(seed, `${name}/clock`)),
    contents: contents.map((content, i) => ({
      content,
      has: isList(group.has) ? (group.has[i] ?? 'nothing') : group.has,
      ...wanted(group.wants, scenario.content[content]),
    })),
    options: {
      // Foreign trackers are asked no oftener than every few seconds whatever they say; this one is the scenario's own.
      announceEvery: scenario.tracker.interval,
      ...group.options,
      ...(group.neighbours === undefined ? {} : { maxConnections: group.neighbours }),
    },
    corrupt: group.corrupt,
    ...(group.networks === undefined ? {} : { network: index % group.networks }),
  };
}

const isList = (has: PeerGroup['has']): has is readonly Holding[] => Array.isArray(has);

/** A group's `wants` speaks only to contents with those files. */
function wanted(
  wants: PeerGroup['wants'],
  content: ContentSpec | undefined,
): Pick<PeerContent, 'wants'> {
  if (wants === undefined || content === undefined || !('files' in content)) return {};
  const paths = content.files.map(({ path }) => path).filter((path) => wants.includes(path));
  return paths.length === 0 ? {} : { wants: paths };
}
