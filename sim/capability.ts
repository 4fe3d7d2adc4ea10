/** What a plan needs of a world, so that a world which cannot do something says so before the start. */
import { type Action, actionTypes } from './action.ts';
import type { PeerSpec, Plan } from './plan.ts';

/** An action, or something about the surroundings that is there from the first moment on. */
export type Capability = Action['type'] | Feature;

export type Feature =
  | 'one-way-cut'
  | 'link-delay'
  | 'jitter'
  | 'loss'
  | 'nat'
  | 'clock'
  | 'slow-disk'
  | 'tracker-delay'
  | 'tracker-loss'
  | 'virtual-time';

/** What a world without it cannot do. */
const words: Readonly<Record<Capability, string>> = {
  join: 'let a peer join',
  leave: 'let a peer leave',
  crash: 'crash a peer',
  'power-cut': 'cut the power of a peer',
  freeze: 'freeze a peer',
  thaw: 'thaw a peer',
  move: 'move a peer to another address',
  cut: 'cut peers off from each other',
  heal: 'heal a cut',
  disconnect: 'break connections',
  limit: 'change the rates of a link',
  corrupt: 'spoil blocks',
  restart: 'restart a peer',
  'disk-full': 'fill a disk',
  'disk-error': 'make a disk fail',
  'disk-heal': 'heal a disk',
  'tracker-stop': 'stop the tracker',
  'tracker-restart': 'restart the tracker',
  'tracker-forget': 'make the tracker forget',
  'one-way-cut': 'cut one way alone',
  'link-delay': 'delay what peers send',
  jitter: 'delay packets unequally (jitter)',
  loss: 'lose packets',
  nat: 'put peers behind a NAT',
  clock: 'set the clocks of peers wrong',
  'slow-disk': 'slow a disk down',
  'tracker-delay': 'move the tracker far away',
  'tracker-loss': 'lose questions to the tracker',
  'virtual-time': 'let hours pass in seconds',
};

export const everyCapability: ReadonlySet<Capability> = new Set(
  Object.keys(words) as readonly Capability[],
);

/** What takes virtual time: the kernel of one machine loses nothing, knows one clock, and buries its dead in good order. */
export const beyondLoopback: ReadonlySet<Capability> = new Set([
  'virtual-time',
  ...(['power-cut', 'move', 'one-way-cut', 'jitter', 'loss', 'nat'] as const),
  ...(['clock', 'slow-disk', 'tracker-delay', 'tracker-loss'] as const),
]);

/** Everything the plan needs, each once: what is done, then what is there from the start. */
export function needsOf(
  plan: Pick<Plan, 'steps' | 'conditional' | 'peers' | 'tracker' | 'world'>,
): readonly Capability[] {
  const actions = [...plan.steps, ...plan.conditional].map(({ action }) => action);
  const isDone = new Set(actions.map(({ type }) => type));
  const { delay = 0, loss = 0 } = plan.tracker;
  return [
    ...actionTypes.filter((type) => isDone.has(type)),
    ...(actions.some(isOneWay) ? (['one-way-cut'] as const) : []),
    ...ofPeers(plan.peers),
    ...(delay > 0 ? (['tracker-delay'] as const) : []),
    ...(loss > 0 ? (['tracker-loss'] as const) : []),
    ...(plan.world === 'virtual' ? (['virtual-time'] as const) : []),
  ];
}

const isOneWay = (action: Action): boolean => action.type === 'cut' && action.oneWay === true;

function ofPeers(peers: readonly PeerSpec[]): readonly Feature[] {
  const has: Readonly<Partial<Record<Feature, (peer: PeerSpec) => boolean>>> = {
    'link-delay': ({ link }) => link.delayMs > 0,
    jitter: ({ link }) => link.jitterMs !== undefined,
    loss: ({ link }) => link.loss !== undefined,
    nat: ({ isNatted }) => isNatted === true,
    clock: ({ clock }) => clock !== undefined,
    'slow-disk': ({ disk }) => disk !== undefined,
  };
  return Object.entries(has)
    .filter(([, isNeeded]) => peers.some(isNeeded))
    .map(([feature]) => feature as Feature);
}

/** In words, what the world lacks, and where it could be played instead. */
export function refusal(world: 'loopback' | 'virtual', missing: readonly Capability[]): string {
  const lacking = missing.map((capability) => words[capability]);
  const listed = [lacking.slice(0, -1).join(', '), ...lacking.slice(-1)]
    .filter(Boolean)
    .join(' or ');
  const hint = world === 'loopback' ? ': try --world virtual' : '';
  return `the ${world} world cannot ${listed}${hint}`;
}
