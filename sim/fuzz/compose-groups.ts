/** Groups of peers of a drawn scenario. */
import { clientOfKind, hostileKinds } from '../hostile/kinds.ts';
import type { ContentSpec, PeerGroupInput } from '../scenario.ts';
import type { Feature } from './features.ts';
import type { GroupRecipe, Pace, Recipe } from './recipe.ts';

export type Groups = Readonly<Record<string, PeerGroupInput>>;

/** What is known before the groups are made. */
type Around = {
  readonly features: ReadonlySet<Feature>;
  readonly contents: readonly ContentSpec[];
  readonly announceEvery: number;
};

type Options = NonNullable<PeerGroupInput['options']>;

/** In both the peers announce as often as the tracker says, which elsewhere nobody may under five seconds. */
const paces: Readonly<Record<Pace, Options>> = {
  usual: {},
  brisk: {
    rechokeEvery: 300,
    optimisticEvery: 900,
    snubbedAfter: 3_000,
    requestLimit: 4_000,
    redialAfter: 300,
    maxDials: 20,
    housekeepingEvery: 100,
  },
};

export function groupsOf(recipe: Recipe, around: Around): Groups {
  const { features } = around;
  const isLate = features.has('late') || features.has('churn');
  return {
    seeder: { ...seeding(recipe.seeder, features), ...kit(recipe.seeder, around) },
    leecher: {
      ...peopled(recipe.leecher),
      has: features.has('shares') ? { share: recipe.leecher.share / 100 } : 'nothing',
      ...kit(recipe.leecher, around),
      ...wanting(recipe.leecher, around),
    },
    ...(isLate && { latecomer: latecomer(recipe.latecomer, around) }),
    ...(features.has('liars') && {
      liar: {
        count: 1,
        has: 'all' as const,
        corrupt: recipe.liar.kind % 2 === 0 ? ('always' as const) : { oneIn: 4 },
        ...kit(recipe.liar, around),
      },
    }),
    ...(features.has('hostile') && { intruder: intruder(recipe.liar, around) }),
  };
}

const peopled = ({ count }: GroupRecipe): { readonly count: number } => ({ count });

const seeding = (
  group: GroupRecipe,
  features: ReadonlySet<Feature>,
): Pick<PeerGroupInput, 'count' | 'has'> =>
  features.has('dealt')
    ? { count: group.count + 1, has: 'dealt' }
    : { count: group.count, has: 'all' };

const latecomer = (group: GroupRecipe, around: Around): PeerGroupInput => ({
  count: group.count,
  has: 'nothing',
  joins: arrivals[group.arrival % arrivals.length] ?? 'at-once',
  ...(around.features.has('churn') && { stays: stays[group.stay % stays.length] ?? 'for-ever' }),
  ...kit(group, around),
});

const arrivals: readonly NonNullable<PeerGroupInput['joins']>[] = [
  { at: 2_000 },
  { within: 10_000 },
  { poisson: { perSec: 0.5 } },
  { weibull: { shape: 0.7, scale: 2_000 } },
];

const stays: readonly NonNullable<PeerGroupInput['stays']>[] = [
  'until-complete',
  { linger: 1_500 },
  { for: 4_000 },
  { exponential: { mean: 6_000 } },
  { weibull: { shape: 1.2, scale: 3_000 } },
];

function intruder({ kind }: GroupRecipe, { announceEvery }: Around): PeerGroupInput {
  const name = hostileKinds[kind % hostileKinds.length] ?? 'poisoner';
  return { count: 1, has: 'all', client: clientOfKind(name), options: { announceEvery } };
}

/** What a peer is given to work with, and how it works. */
function kit(group: GroupRecipe, { features, announceEvery }: Around): Partial<PeerGroupInput> {
  const isPoor = features.has('poor-links');
  const options = present({
    announceEvery,
    ...paces[group.pace],
    ...(features.has('odd-options') && present(group.options)),
    ...(features.has('policies') && present(group.policies)),
    ...(features.has('rate-limits') && present(group.limits)),
  });
  return {
    link: {
      up: group.upKbPerSec * 1_000,
      ...(isPoor && { down: group.downKbPerSec * 1_000, delay: group.delayMs }),
      ...(isPoor && { jitter: group.delayMs / 4 }),
      ...(features.has('loss') && { loss: group.lossPercent / 100 }),
    },
    options,
    ...(features.has('nat') && group.nat && { nat: true }),
    ...(features.has('clocks') && { clock: { skew: group.skewMs, drift: group.driftPpm } }),
    ...(features.has('slow-disks') && { disk: { rate: group.diskKbPerSec * 1_000, seek: 2 } }),
  };
}

function wanting(
  { wants }: GroupRecipe,
  { features, contents }: Around,
): Pick<PeerGroupInput, 'wants'> {
  if (!features.has('selective')) return {};
  const paths = contents.flatMap((content) =>
    'files' in content ? content.files.filter((_, i) => (wants >> i) & 1) : [],
  );
  const wanted = [...new Set(paths.filter(({ bytes }) => bytes > 0).map(({ path }) => path))];
  return wanted.length === 0 ? {} : { wants: wanted };
}

/** Without what was left out. */
const present = (options: object): Options =>
  Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
