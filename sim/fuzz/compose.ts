/** A scenario from its ingredients: a plain value, as an author would have written it. */
import { defaultTorrentOptions } from '../../core/swarm/options.ts';
import type { ScenarioInput } from '../scenario.ts';
import { parseScenario } from '../schema.ts';
import { fairBound } from './bound.ts';
import { contentsOf } from './compose-contents.ts';
import { groupsOf } from './compose-groups.ts';
import { faultsUntil, timelineOf } from './compose-steps.ts';
import type { Feature } from './features.ts';
import type { Recipe, TrackerRecipe } from './recipe.ts';

/** Often enough that a condition comes true in time, seldom enough that looking costs less than playing. */
const sampleEvery = 250;

export function scenarioOf(recipe: Recipe): ScenarioInput {
  const features: ReadonlySet<Feature> = new Set(recipe.features);
  const contents = contentsOf(recipe.contents, features);
  const announceEvery = recipe.tracker.intervalMs;
  const groups = groupsOf(recipe, { features, contents, announceEvery });
  const timeline = timelineOf(recipe.steps, features, groups);
  const { expireAfter, announceWithin } = patienceOf(recipe, features);
  return withBound({
    name: 'drawn',
    story: 'Drawn by chance.',
    content: contents,
    peers: groups,
    tracker: { ...trackerOf(recipe.tracker, features), expireAfter, announceWithin },
    ...(timeline.length > 0 && { timeline, faultsUntil }),
    sampleEvery,
    // The invariants are what is looked for; a scenario has to expect something, and this holds of everybody.
    expect: [{ connectionsAtMost: defaultTorrentOptions.maxConnections, of: 'seeder' }],
  });
}

/** The same with the bound that its links and options make fair. */
export function withBound(input: ScenarioInput): ScenarioInput {
  const { settleWithin: _old, ...rest } = input;
  const settleWithin = fairBound(parseScenario(rest));
  return { ...rest, settleWithin };
}

/** What is lost is sent again after 1, 3 and 7 s (RFC 6298), until the one who asks gives up; twice in a row happens. */
const lossMs = 2 * 15_000;
const nearMs = 3_000;

/** How long an announce takes on the slowest way there is, and after how many that are missed a peer counts as dead. */
function patienceOf(
  { seeder, leecher, latecomer, liar, tracker }: Recipe,
  features: ReadonlySet<Feature>,
): { readonly expireAfter: number; readonly announceWithin: number } {
  const delays = [seeder, leecher, latecomer, liar].map(({ delayMs }) => delayMs);
  const farMs = features.has('far-tracker') ? tracker.delayMs : 0;
  const linkMs = features.has('poor-links') ? Math.max(...delays) : 0;
  // A connection and a question are two round trips, and a path may be longer by a quarter.
  const lostMs = features.has('far-tracker') ? lossMs + tracker.intervalMs : 0;
  const onTheWay = 4 * (farMs + linkMs * 1.25) + lostMs;
  return {
    expireAfter: 2.5 * tracker.intervalMs + 2 * onTheWay,
    announceWithin: nearMs + onTheWay,
  };
}

const trackerOf = (
  { intervalMs, keepsState, delayMs, lossPercent }: TrackerRecipe,
  features: ReadonlySet<Feature>,
): NonNullable<ScenarioInput['tracker']> => ({
  interval: intervalMs,
  ...(keepsState && { keepsState }),
  ...(features.has('far-tracker') && { delay: delayMs, loss: lossPercent / 100 }),
});
