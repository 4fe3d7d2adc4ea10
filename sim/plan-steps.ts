/** What the groups and the timeline of a scenario come to: timed and conditional steps. */
import { never } from '../core/never.ts';
import { type Random, randomBelow, randomStream } from '../core/random.ts';
import { type Duration, type Instant, after, millis, start } from '../core/time.ts';
import { type Condition, isMistake, parseCondition } from './condition.ts';
import { drawDuration, exponential, weibull } from './draw.ts';
import type { ConditionalStep, Step } from './step.ts';
import type { Arrival, PeerGroup, Scenario, Stay } from './scenario.ts';
import type { Deed, TimelineStep } from './timeline.ts';
import { type Roles, namesIn, parseWho } from './who.ts';
import type { Action, Sides } from './action.ts';

type Steps = { readonly steps: readonly Step[]; readonly conditional: readonly ConditionalStep[] };

/** Arrivals and departures of a group. Each member draws from streams of its own; the gaps between arrivals from the group's. */
export function groupSteps(role: string, group: PeerGroup, seed: number): Steps {
  const gaps = randomStream(seed, `${role}/arrivals`);
  let latest = start;
  const steps: Step[] = [];
  const conditional: ConditionalStep[] = [];
  for (const peer of namesIn(role, group.count)) {
    const joinsAt = arrival(group.joins, {
      gaps,
      own: randomStream(seed, `${peer}/joins`),
      latest,
    });
    latest = joinsAt ?? latest;
    const stays = randomStream(seed, `${peer}/stays`);
    const leave = { action: { type: 'leave', peer }, cause: 'group' } as const;
    if (joinsAt !== undefined) {
      steps.push({ at: joinsAt, action: { type: 'join', peer }, cause: 'group' });
    }
    const linger = lingerOf(group.stays, stays);
    const session = linger === undefined ? sessionOf(group.stays, stays) : undefined;
    if (linger !== undefined) {
      conditional.push({ when: reaches(peer, 'completed'), after: linger, ...leave });
    } else if (session !== undefined && joinsAt !== undefined) {
      steps.push({ at: after(joinsAt, session), ...leave });
    } else if (session !== undefined) {
      conditional.push({ when: reaches(peer, 'joined'), after: session, ...leave });
    }
  }
  return { steps, conditional };
}

const reaches = (peer: string, type: 'completed' | 'joined'): Condition => ({
  text: `${peer} ${type}`,
  peers: [peer],
  quantifier: 'all',
  reached: { type },
});

type Chances = { readonly gaps: Random; readonly own: Random; readonly latest: Instant };

/** Undefined when the timeline is to say. */
function arrival(joins: Arrival, { gaps, own, latest }: Chances): Instant | undefined {
  if (joins === 'at-once') return start;
  if (joins === 'when-told') return undefined;
  if ('at' in joins) return after(start, joins.at);
  if ('within' in joins) return after(start, millis(Math.floor(own() * joins.within)));
  if ('poisson' in joins) return later(latest, exponential(1_000 / joins.poisson.perSec, gaps));
  if ('weibull' in joins) return later(latest, weibull(joins.weibull, gaps));
  return never(joins);
}

const later = (latest: Instant, gapMs: number): Instant => after(latest, millis(Math.round(gapMs)));

/** How long after completion it leaves; undefined when completion does not matter. */
function lingerOf(stays: Stay, random: Random): Duration | undefined {
  if (stays === 'until-complete') return millis(0);
  if (stays === 'for-ever' || !('linger' in stays)) return undefined;
  return typeof stays.linger === 'number' ? stays.linger : drawDuration(stays.linger, random);
}

/** How long after joining it leaves; undefined when it does not. */
function sessionOf(stays: Stay, random: Random): Duration | undefined {
  if (typeof stays === 'string' || 'linger' in stays) return undefined;
  return 'for' in stays ? stays.for : drawDuration(stays, random);
}

/** The timeline's steps, one for each peer meant. `any leecher` is drawn here, once. */
export function timelineSteps(timeline: Scenario['timeline'], roles: Roles, seed: number): Steps {
  const steps: Step[] = [];
  const conditional: ConditionalStep[] = [];
  timeline.forEach((step, i) => {
    const random = randomStream(seed, `timeline/${i}`);
    const actions = actionsOf(step, (who) => aimed(who, roles, random));
    if ('at' in step) {
      const at = after(start, step.at);
      steps.push(...actions.map((action) => ({ at, action, cause: 'timeline' }) as const));
    } else {
      const wait = waiting(step, roles);
      conditional.push(
        ...actions.map((action) => ({ ...wait, action, cause: 'timeline' }) as const),
      );
    }
  });
  return { steps, conditional };
}

function waiting(
  { when, after: wait }: Extract<TimelineStep, { readonly when: string }>,
  roles: Roles,
): Pick<ConditionalStep, 'when' | 'after'> {
  const condition = parseCondition(when, roles);
  if (isMistake(condition)) throw new RangeError(condition.what);
  return { when: condition, after: wait ?? millis(0) };
}

function aimed(who: string, roles: Roles, random: Random): readonly string[] {
  const called = parseWho(who, roles);
  if (typeof called === 'string') throw new RangeError(called);
  if (called.quantifier === 'all') return called.names;
  return called.names.slice(randomBelow(random, called.names.length)).slice(0, 1);
}

type Aim = (who: string) => readonly string[];

function actionsOf(deed: Deed, aim: Aim): readonly Action[] {
  return ofPeers(deed, aim) ?? ofSides(deed, aim) ?? ofTracker(deed);
}

/** Deeds that say nothing but to whom they happen. */
const plainDeeds = [
  ...(['join', 'leave', 'crash', 'power-cut', 'freeze', 'thaw', 'move'] as const),
  ...(['disk-error', 'disk-heal'] as const),
] as const;

function ofPeers(deed: Deed, aim: Aim): readonly Action[] | undefined {
  for (const type of plainDeeds) {
    const who = (deed as Partial<Record<typeof type, string>>)[type];
    if (who !== undefined) return aim(who).map((peer) => ({ type, peer }));
  }
  if ('limit' in deed) {
    const { limit, up, down } = deed;
    const rates = {
      ...(up === undefined ? {} : { upBytesPerSec: up }),
      ...(down === undefined ? {} : { downBytesPerSec: down }),
    };
    return aim(limit).map((peer) => ({ type: 'limit', peer, ...rates }));
  }
  if ('corrupt' in deed) {
    return aim(deed.corrupt).map((peer) => ({ type: 'corrupt', peer, blocks: deed.blocks }));
  }
  if ('restart' in deed) {
    const resume = deed.resume ?? 'trust';
    return aim(deed.restart).map((peer) => ({ type: 'restart', peer, resume }));
  }
  if ('disk-full' in deed) {
    const afterBytes = deed.afterBytes ?? 0;
    return aim(deed['disk-full']).map((peer) => ({ type: 'disk-full', peer, afterBytes }));
  }
  return undefined;
}

function ofSides(deed: Deed, aim: Aim): readonly Action[] | undefined {
  const sides = ([a, b]: readonly [string, string]): Sides => [aim(a), aim(b)];
  if ('cut' in deed) {
    const oneWay = deed.oneWay === true ? { oneWay: true as const } : {};
    return [{ type: 'cut', between: sides(deed.cut), ...oneWay }];
  }
  if ('disconnect' in deed) return [{ type: 'disconnect', between: sides(deed.disconnect) }];
  if (!('heal' in deed)) return undefined;
  return deed.heal === 'all' ? [{ type: 'heal' }] : [{ type: 'heal', between: sides(deed.heal) }];
}

function ofTracker(deed: Deed): readonly Action[] {
  for (const type of ['tracker-stop', 'tracker-restart', 'tracker-forget'] as const) {
    if (type in deed) return [{ type }];
  }
  return [];
}
