/** How a failing scenario may be made simpler: each way that could work, the boldest first. */
import type { ContentSpec, PeerGroupInput, ScenarioInput } from '../scenario.ts';
import { bytesOf } from './compose-contents.ts';
import { withBound } from './compose.ts';
import { parseScenario } from '../schema.ts';

/** Every scenario that is a little simpler than this one and still makes sense, in the order in which to try them. */
export function* simpler(input: ScenarioInput): Generator<ScenarioInput, void> {
  for (const change of changes(input)) {
    const changed = sensible(change);
    if (changed !== undefined) yield changed;
  }
}

/** With a fair bound and an expectation about somebody who is there; undefined when it is no scenario any more. */
function sensible(input: ScenarioInput): ScenarioInput | undefined {
  const [first = ''] = Object.keys(input.peers);
  const expect = input.expect.map((expected) =>
    'connectionsAtMost' in expected && !(expected.of in input.peers)
      ? { ...expected, of: first }
      : expected,
  );
  try {
    const changed = withBound({ ...input, expect });
    parseScenario(changed);
    return changed;
  } catch {
    // A step names somebody who was taken out: the step has to go first.
    return undefined;
  }
}

function* changes(input: ScenarioInput): Generator<ScenarioInput, void> {
  if (input.sampleEvery !== undefined) yield without(input, 'sampleEvery');
  yield* ofTimeline(input);
  yield* ofGroups(input);
  yield* ofContents(input);
  yield* ofTracker(input);
  yield* ofTimes(input);
}

function* ofTimeline(input: ScenarioInput): Generator<ScenarioInput, void> {
  const { timeline = [], faultsUntil, ...rest } = input;
  if (timeline.length === 0) return;
  yield rest;
  const until = faultsUntil === undefined ? {} : { faultsUntil };
  const half = Math.floor(timeline.length / 2);
  if (half > 0) {
    yield { ...rest, ...until, timeline: timeline.slice(0, half) };
    yield { ...rest, ...until, timeline: timeline.slice(half) };
  }
  for (let i = 0; i < timeline.length; i += 1)
    yield { ...rest, ...until, timeline: timeline.filter((_, k) => k !== i) };
}

function* ofGroups(input: ScenarioInput): Generator<ScenarioInput, void> {
  const roles = Object.keys(input.peers);
  for (const role of roles) {
    const peers = Object.fromEntries(Object.entries(input.peers).filter(([name]) => name !== role));
    if (roles.length > 1) yield { ...input, peers };
  }
  for (const role of roles) {
    const group = input.peers[role];
    if (group === undefined) continue;
    for (const changed of ofGroup(group))
      yield { ...input, peers: { ...input.peers, [role]: changed } };
  }
}

/** What a group may be without. */
const extras = ['nat', 'clock', 'disk', 'stays', 'joins', 'wants', 'contents', 'corrupt'] as const;

function* ofGroup(group: PeerGroupInput): Generator<PeerGroupInput, void> {
  const { count, link = {}, has } = group;
  for (const fewer of new Set([1, count >> 1, count - 1]))
    if (fewer > 0 && fewer < count) yield { ...group, count: fewer };
  for (const key of extras) if (key in group) yield without(group, key);
  if (typeof has === 'object') yield { ...group, has: 'nothing' };
  yield* ofOptions(group);
  const ways = Object.keys(link) as (keyof typeof link)[];
  if (ways.length > 0) yield without(group, 'link');
  for (const key of ways) yield { ...group, link: without(link, key) };
}

function* ofOptions(group: PeerGroupInput): Generator<PeerGroupInput, void> {
  // The announces of the tracker's pace are what every bound on its lists stands on.
  const { announceEvery, ...others } = group.options ?? {};
  const kept = announceEvery === undefined ? {} : { announceEvery };
  const keys = Object.keys(others) as (keyof typeof others)[];
  if (keys.length > 1) yield { ...group, options: kept };
  for (const key of keys) yield { ...group, options: { ...kept, ...without(others, key) } };
}

function* ofContents(input: ScenarioInput): Generator<ScenarioInput, void> {
  const contents = Array.isArray(input.content)
    ? (input.content as readonly ContentSpec[])
    : [input.content as ContentSpec];
  if (contents.length > 1)
    for (let i = 0; i < contents.length; i += 1)
      yield { ...input, content: contents.filter((_, k) => k !== i) };
  for (let i = 0; i < contents.length; i += 1) {
    const content = contents[i];
    if (content === undefined) continue;
    for (const changed of ofContent(content))
      yield { ...input, content: contents.map((each, k) => (k === i ? changed : each)) };
  }
}

const leastPiece = 2 ** 14;

function* ofContent(content: ContentSpec): Generator<ContentSpec, void> {
  const bytes = bytesOf(content);
  const { pieceBytes = leastPiece } = content;
  if ('files' in content) {
    yield { bytes, pieceBytes };
    const { files } = content;
    for (let i = 0; files.length > 1 && i < files.length; i += 1)
      yield { ...content, files: files.filter((_, k) => k !== i) };
    return;
  }
  if (pieceBytes !== leastPiece) yield { bytes, pieceBytes: leastPiece };
  for (const fewer of [leastPiece, bytes >> 1, bytes - pieceBytes, roundDown(bytes)])
    if (fewer > 0 && fewer < bytes) yield { bytes: fewer, pieceBytes };
}

const roundDown = (bytes: number): number => Math.floor(bytes / leastPiece) * leastPiece;

/** What every bound on the tracker's lists stands on: with less of it peers that do no wrong would look lost. */
const paces = ['interval', 'expireAfter', 'announceWithin'] as const;
type Tracker = NonNullable<ScenarioInput['tracker']>;

function* ofTracker(input: ScenarioInput): Generator<ScenarioInput, void> {
  const { tracker, ...rest } = input;
  if (tracker === undefined) return;
  const peers = Object.entries(input.peers).map(([role, group]) => [role, atDefaultPace(group)]);
  yield { ...rest, peers: Object.fromEntries(peers) as ScenarioInput['peers'] };
  const others = (Object.keys(tracker) as (keyof Tracker)[]).filter((key) => !isPace(key));
  for (const key of others) yield { ...input, tracker: without(tracker, key) };
}

const isPace = (key: keyof Tracker): boolean => (paces as readonly string[]).includes(key);

const atDefaultPace = ({ options, ...group }: PeerGroupInput): PeerGroupInput =>
  options === undefined ? group : { ...group, options: without(options, 'announceEvery') };

/** Rounder and earlier moments, and an end as soon as the faults are over. */
function* ofTimes(input: ScenarioInput): Generator<ScenarioInput, void> {
  const { timeline = [], faultsUntil, ...rest } = input;
  if (faultsUntil !== undefined) {
    const latest = Math.max(0, ...timeline.map((step) => ('at' in step ? Number(step.at) : 0)));
    if (latest < Number(faultsUntil)) yield { ...rest, timeline, faultsUntil: latest };
  }
  for (const [i, step] of timeline.entries()) {
    if (!('at' in step)) continue;
    for (const at of rounder(Number(step.at)))
      yield { ...input, timeline: timeline.map((each, k) => (k === i ? { ...step, at } : each)) };
  }
}

const rounder = (at: number): readonly number[] =>
  [0, at >> 1, Math.floor(at / 1_000) * 1_000, Math.floor(at / 100) * 100].filter(
    (time, i, all) => time < at && all.indexOf(time) === i,
  );

const without = <Value extends object, Key extends keyof Value>(
  value: Value,
  key: Key,
): Omit<Value, Key> & Value => {
  const { [key]: _gone, ...rest } = value;
  return rest as Omit<Value, Key> & Value;
};
