/** The schema of what happens and what is expected: timeline steps and expectations, one verb each. */
import { z } from 'zod';
import type { PauseReason } from '../core/swarm/event.ts';
import { actionTypes } from './action.ts';
import { isMistake, parseCondition } from './condition.ts';
import type { Expectation } from './expectation.ts';
import { maxContents } from './limits.ts';
import { between, count, duration, exactly, rate, share, size, whoIn } from './schema-parts.ts';
import { corruption } from './schema-peers.ts';
import type { TimelineStep } from './timeline.ts';
import type { Roles } from './who.ts';

/** The schema of one step of a scenario with these groups. */
export function timelineStep(roles: Roles): z.ZodType<TimelineStep> {
  const who = whoIn(roles);
  const sides = z.tuple([who, who], 'expected two sides, such as [seeder, leechers]');
  const moment = {
    at: duration().exactOptional(),
    when: conditionIn(roles).exactOptional(),
    after: duration().exactOptional(),
  };
  const step = <Shape extends z.core.$ZodLooseShape>(
    deed: Shape,
  ): z.ZodObject<typeof moment & Shape, z.core.$strict> => exactly({ ...moment, ...deed });
  const deeds = z.union([
    step({ join: who }),
    step({ leave: who }),
    step({ crash: who }),
    step({ 'power-cut': who }),
    step({ freeze: who }),
    step({ thaw: who }),
    step({ move: who }),
    step({ cut: sides, oneWay: z.literal(true).exactOptional() }),
    step({ heal: z.union([z.literal('all'), sides]) }),
    step({ disconnect: sides }),
    step({ limit: who, up: rate().exactOptional(), down: rate().exactOptional() }),
    step({ corrupt: who, blocks: corruption }),
    step({ restart: who, resume: z.enum(['trust', 'check', 'none']).exactOptional() }),
    step({ 'disk-full': who, afterBytes: size().exactOptional() }),
    step({ 'disk-error': who }),
    step({ 'disk-heal': who }),
    step({ 'tracker-stop': z.literal(true) }),
    step({ 'tracker-restart': z.literal(true) }),
    step({ 'tracker-forget': z.literal(true) }),
  ]);
  const timed = deeds.superRefine((written, context) => {
    const wrong = momentMistake(written);
    if (wrong !== undefined) context.addIssue({ code: 'custom', message: wrong });
  });
  // That there is either `at` or `when` is what the check above makes sure of, and a union of unions would tell worse.
  return timed as unknown as z.ZodType<TimelineStep>;
}

function momentMistake(step: {
  at?: unknown;
  when?: unknown;
  after?: unknown;
}): string | undefined {
  if (step.at === undefined && step.when === undefined)
    return `say when: 'at' a time, or 'when' a condition`;
  if (step.at !== undefined && step.when !== undefined) return `either 'at' or 'when', not both`;
  if (step.after !== undefined && step.when === undefined) return `'after' goes with 'when'`;
  return undefined;
}

function conditionIn(roles: Roles): z.ZodType<string, string> {
  return z.string('expected a condition').superRefine((text, context) => {
    const parsed = parseCondition(text, roles);
    if (!isMistake(parsed)) return;
    context.addIssue({ code: 'custom', message: parsed.what, params: { offset: parsed.offset } });
  });
}

const actionType = z.enum(actionTypes);

const pauseReason = z.enum([
  'asked',
  'disk-full',
  'read-only',
  'vanished',
  'exists',
  'unsafe-path',
  'io',
] satisfies PauseReason['code'][]);

/** The schema of one expectation of a scenario with these groups. */
export function expectation(roles: Roles): z.ZodType<Expectation> {
  const who = whoIn(roles);
  const within = duration().exactOptional();
  const action = actionType;
  return z.union([
    exactly({ everyoneCompletes: who, within, orLeaves: z.literal(true).exactOptional() }),
    exactly({ nobodyCompletes: who }),
    exactly({ completesAfter: who, action, before: action.exactOptional() }),
    exactly({ bytesFromEach: who, to: who, share }),
    exactly({
      shareFrom: who,
      to: who,
      atLeast: share.exactOptional(),
      atMost: share.exactOptional(),
    }),
    exactly({
      sendsNothing: who,
      to: who,
      after: action,
      until: action.exactOptional(),
      grace: within,
    }),
    exactly({ listedAsSeeder: who, within }),
    exactly({ leavesList: who, within }),
    exactly({ becomesSeeder: who }),
    exactly({ banned: who, by: who, atLeast: count(1, 65_535).exactOptional() }),
    exactly({ notBanned: who }),
    exactly({ disconnected: who, by: who, within: duration() }),
    exactly({ wastedBelow: share, of: who }),
    exactly({ slower: who, than: who, ratio: between(0, 1e6) }),
    exactly({ resumes: who, refetchesAtMost: share }),
    exactly({
      pausesBecause: pauseReason,
      of: who,
    }),
    exactly({ hasOnlyWantedFiles: who }),
    exactly({
      swarmMisses: z.union([
        z.enum(['something', 'nothing']),
        z.array(count(0, 2 ** 32 - 1)).min(1, 'name at least one piece'),
      ]),
      content: count(0, maxContents - 1).exactOptional(),
    }),
    exactly({ trackerKeepsIds: z.literal(true) }),
    exactly({ nobodyLost: who }),
    exactly({ connectionsAtMost: count(0, 65_535), of: who }),
  ]);
}
