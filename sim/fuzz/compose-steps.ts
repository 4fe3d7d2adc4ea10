/** What goes wrong in a drawn scenario, and when it is put right. */
import type { ScenarioInput } from '../scenario.ts';
import { type Fault, type Feature, faults } from './features.ts';
import type { Groups } from './compose-groups.ts';
import { type StepRecipe, latestFault } from './recipe.ts';

export type Step = NonNullable<ScenarioInput['timeline']>[number];

/** What is done, and what undoes it. */
type Pair = { readonly deed: object; readonly undo?: object };

/** No fault begins after this. */
export const faultsUntil: number = latestFault + 10_000;

export function timelineOf(
  recipes: readonly StepRecipe[],
  features: ReadonlySet<Feature>,
  groups: Groups,
): readonly Step[] {
  const enabled = faults.filter((fault) => features.has(fault));
  if (enabled.length === 0) return [];
  return recipes.flatMap((recipe, i) => {
    const fault = enabled[recipe.fault % enabled.length];
    return fault === undefined ? [] : stepsOf(fault, { ...recipe, order: i }, groups);
  });
}

/** Nothing happens in the first moment, nor two things at once: a record does not tell which came first. */
const apartMs = 7;

function stepsOf(
  fault: Fault,
  recipe: StepRecipe & { readonly order: number },
  groups: Groups,
): readonly Step[] {
  const { lastsMs, percent } = recipe;
  const soon = apartMs * (recipe.order + 1);
  const atMs = recipe.atMs + soon;
  const { deed, undo } = pairOf(fault, recipe, groups);
  const moment = (later: number): object =>
    percent === undefined
      ? { at: atMs + later }
      : { when: `${wholeGroup(recipe.who, groups)} at ${percent} %`, after: soon + later };
  // Who stays down until the end of the faults comes back then: everybody is to finish.
  const until = lastsMs === undefined ? { at: faultsUntil } : moment(lastsMs);
  const isUndone = undo !== undefined && (lastsMs !== undefined || 'restart' in undo);
  return [
    { ...moment(0), ...deed },
    ...(isUndone ? [{ ...until, ...undo }] : []),
  ] as unknown as readonly Step[];
}

const resumes = ['trust', 'check', 'none'] as const;

function pairOf(fault: Fault, recipe: StepRecipe, groups: Groups): Pair {
  const who = memberOf(recipe.who, recipe.member, groups);
  const { detail } = recipe;
  const sides = [who, memberOf(recipe.other, detail, groups)];
  const restart = { restart: who, resume: resumes[detail % resumes.length] };
  switch (fault) {
    case 'crash':
    case 'power-cut':
    case 'leave':
      return { deed: { [fault]: who }, undo: restart };
    case 'restart':
      return { deed: restart };
    case 'freeze':
      return { deed: { freeze: who }, undo: { thaw: who } };
    case 'cut':
      return { deed: { cut: sides }, undo: { heal: sides } };
    case 'one-way':
      return { deed: { cut: sides, oneWay: true }, undo: { heal: sides } };
    case 'disconnect':
      return { deed: { disconnect: sides } };
    case 'limit':
      return {
        deed: { limit: who, up: 50_000 + 1_000 * detail },
        undo: { limit: who, up: 300_000 },
      };
    case 'corrupt': {
      // Who has lied stays banned, so the seeders stay honest: or nobody could finish.
      const liar = memberOf(recipe.who, recipe.member, without(groups, 'seeder'));
      return {
        deed: { corrupt: liar, blocks: 'always' },
        undo: { corrupt: liar, blocks: 'never' },
      };
    }
    case 'disk-full':
      return { deed: { 'disk-full': who, afterBytes: detail * 2_000 }, undo: { 'disk-heal': who } };
    case 'disk-error':
      return { deed: { 'disk-error': who }, undo: { 'disk-heal': who } };
    case 'move':
      return { deed: { move: who } };
    case 'tracker-stop':
      return { deed: { 'tracker-stop': true }, undo: { 'tracker-restart': true } };
    default:
      return { deed: { [fault]: true } };
  }
}

/** One of the peers, or now and then its whole group. */
function memberOf(who: number, member: number, groups: Groups): string {
  const role = wholeGroup(who, groups);
  const count = groups[role]?.count ?? 1;
  return member % (count + 1) === count ? role : `${role}-${member % (count + 1)}`;
}

const without = (groups: Groups, role: string): Groups =>
  Object.fromEntries(Object.entries(groups).filter(([name]) => name !== role));

/** Those who mean harm are left to do it. */
function wholeGroup(who: number, groups: Groups): string {
  const roles = Object.keys(groups).filter((role) => role !== 'intruder');
  return roles[who % roles.length] ?? 'seeder';
}
