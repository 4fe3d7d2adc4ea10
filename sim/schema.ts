/** The schema of a scenario, for TypeScript, YAML and JSON alike. */
import { z } from 'zod';
import { millis, seconds } from '../core/time.ts';
import type { Duration } from '../core/time.ts';
import { crossMistakes } from './cross-check.ts';
import { trackerTricks } from './hostile/tracker-tricks.ts';
import {
  maxContents,
  maxExpectations,
  maxGroups,
  maxNameChars,
  maxPeersPerGroup,
  maxThreads,
  maxTimelineSteps,
  minSampleEvery,
  minTrackerInterval,
} from './limits.ts';
import { mistakesOf } from './mistakes.ts';
import { ScenarioError } from './scenario-error.ts';
import type { Scenario, TrackerSpec } from './scenario.ts';
import { count, duration, exactly, loss } from './schema-parts.ts';
import { content, peerGroup } from './schema-peers.ts';
import { expectation, timelineStep } from './schema-story.ts';
import type { Roles } from './who.ts';

/**
 * Checks what an author wrote and fills in the defaults. What comes out is valid input again and comes out unchanged.
 * Throws ScenarioError, which names every mistake; `source` is what it calls the scenario.
 */
export function parseScenario(input: unknown, source = 'scenario'): Scenario {
  const parsed = scenarioSchema(rolesIn(input)).safeParse(input, { reportInput: true });
  if (!parsed.success) throw new ScenarioError(source, mistakesOf(parsed.error.issues));
  const scenario = withDefaults(parsed.data);
  const mistakes = crossMistakes(scenario);
  if (mistakes.length > 0) throw new ScenarioError(source, mistakes);
  return scenario;
}

/** JSON Schema of what authors write, for editors. */
export const scenarioJsonSchema = (): Record<string, unknown> =>
  z.toJSONSchema(scenarioSchema(new Map()), { io: 'input' });

const roleName = z
  .string()
  .max(maxNameChars, `at most ${maxNameChars} characters`)
  .regex(
    /^(?!(?:any|all|tracker)$)[a-z][a-z0-9]*(?:-[a-z][a-z0-9]*)*$/,
    `a role is written like 'late-joiner', and is not 'any', 'all' or 'tracker'`,
  );

type Parsed = z.infer<ReturnType<typeof scenarioSchema>>;

function scenarioSchema(roles: Roles) {
  return exactly({
    name: z
      .string('expected a name')
      .max(maxNameChars, `at most ${maxNameChars} characters`)
      .regex(/^[a-z0-9]+(?:-[a-z0-9]+)*$/, `a name is written like 'flash-crowd'`),
    story: z.string('expected one sentence').min(1, 'expected one sentence'),
    content: z.union([content, z.array(content).min(1, 'at least one').max(maxContents)]),
    peers: z
      .record(roleName, peerGroup, 'expected groups of peers by role')
      .refine((groups) => Object.keys(groups).length > 0, 'at least one group of peers')
      .refine((groups) => Object.keys(groups).length <= maxGroups, `at most ${maxGroups} groups`),
    tracker: exactly({
      interval: duration({ min: minTrackerInterval }).exactOptional(),
      expireAfter: duration({ min: minTrackerInterval }).exactOptional(),
      announceWithin: duration().exactOptional(),
      recoverWithin: duration().exactOptional(),
      keepsState: z.boolean().exactOptional(),
      external: count(0, 10_000).exactOptional(),
      trick: z.enum(trackerTricks).exactOptional(),
      delay: duration().exactOptional(),
      loss: loss.exactOptional(),
    }).exactOptional(),
    world: z.enum(['any', 'virtual']).exactOptional(),
    isolation: z
      .union([z.enum(['shared', 'process', 'threads']), exactly({ threads: count(1, maxThreads) })])
      .exactOptional(),
    timeline: z.array(timelineStep(roles)).max(maxTimelineSteps).exactOptional(),
    faultsUntil: duration().exactOptional(),
    settleWithin: duration({ min: 1 }).exactOptional(),
    lasts: duration({ min: 1 }).exactOptional(),
    sampleEvery: duration({ min: minSampleEvery }).exactOptional(),
    record: z.enum(['full', 'lean']).exactOptional(),
    expect: z
      .array(expectation(roles))
      .min(1, 'a scenario that expects nothing cannot fail')
      .max(maxExpectations),
  });
}

/** Roles are wanted before the parts that name them are parsed; a group that is wrong itself is told of elsewhere. */
function rolesIn(input: unknown): Roles {
  const groups = z.looseObject({ peers: z.record(z.string(), z.unknown()) }).safeParse(input);
  if (!groups.success) return new Map();
  const counted = z.looseObject({ count: count(1, maxPeersPerGroup) });
  return new Map(
    Object.entries(groups.data.peers).map(([role, group]) => {
      const parsed = counted.safeParse(group);
      return [role, parsed.success ? parsed.data.count : 0];
    }),
  );
}

/** Long enough for a small swarm on a busy machine; scenarios with slow links say their own. */
const defaultSettleWithin = seconds(30);
/** Enough to draw a curve from, whatever the length of the run. */
const leanSamples = 500;
/** Faults that wait for a condition get so long to see it. */
const defaultPatience = seconds(30);

function withDefaults(written: Parsed): Scenario {
  const timeline = written.timeline ?? [];
  const faultsUntil = written.faultsUntil ?? lastFault(timeline);
  const settleWithin = written.settleWithin ?? defaultSettleWithin;
  const lasts = written.lasts ?? millis((faultsUntil + settleWithin) * 2);
  const record = written.record ?? 'full';
  return {
    name: written.name,
    story: written.story,
    content: Array.isArray(written.content) ? written.content : [written.content],
    peers: written.peers,
    tracker: trackerWithDefaults(written.tracker ?? {}),
    world: written.world ?? 'any',
    isolation: written.isolation ?? 'shared',
    timeline,
    faultsUntil,
    settleWithin,
    lasts,
    sampleEvery: written.sampleEvery ?? usualSampleEvery(record, lasts),
    record,
    expect: written.expect,
  };
}

const usualSampleEvery = (record: Scenario['record'], lasts: Duration): Duration =>
  millis(record === 'lean' ? Math.max(100, Math.ceil(lasts / leanSamples)) : 100);

function lastFault(timeline: Scenario['timeline']): Duration {
  const moments = timeline.map((step) =>
    'at' in step ? step.at : millis(defaultPatience + (step.after ?? 0)),
  );
  return millis(Math.max(0, ...moments));
}

function trackerWithDefaults(written: Partial<TrackerSpec>): TrackerSpec {
  const { delay, external, loss: lost, trick } = written;
  const interval = written.interval ?? seconds(2);
  const announceWithin = written.announceWithin ?? millis(seconds(3) + onTheWay(written));
  return {
    interval,
    // Two announces may be lost before a peer counts as dead.
    expireAfter: written.expireAfter ?? millis(interval * 2.5),
    announceWithin,
    recoverWithin: written.recoverWithin ?? millis(interval * 2 + announceWithin),
    keepsState: written.keepsState ?? false,
    ...(external === undefined ? {} : { external }),
    ...(trick === undefined ? {} : { trick }),
    ...(delay === undefined ? {} : { delay }),
    ...(lost === undefined ? {} : { loss: lost }),
  };
}

/** A connection and a question are two round trips; what is lost is sent again after 1, 3 and 7 s (RFC 6298). */
const onTheWay = ({ delay = millis(0), loss: lost = 0 }: Partial<TrackerSpec>): number =>
  4 * delay + (lost > 0 ? 7_000 : 0);
