/**
 * What a drawn scenario may be made of. Each seed has a set of its own: with everything in every scenario the faults
 * hide one another, and some states are never reached (TigerBeetle calls it swarm testing).
 */
import type { Action } from '../action.ts';

/** What the swarm is like. */
export const traits = [
  'files',
  'contents',
  'dealt',
  'shares',
  'selective',
  'odd-options',
  'policies',
  'rate-limits',
  'poor-links',
  'loss',
  'late',
  'churn',
  'nat',
  'clocks',
  'slow-disks',
  'far-tracker',
  'liars',
  'hostile',
] as const;

/** What may happen to it; the names are those of the timeline's verbs. */
export const faults = [
  'crash',
  'power-cut',
  'leave',
  'restart',
  'freeze',
  'cut',
  'one-way',
  'disconnect',
  'limit',
  'corrupt',
  'disk-full',
  'disk-error',
  'move',
  'tracker-stop',
  'tracker-restart',
  'tracker-forget',
] as const;

export type Trait = (typeof traits)[number];
export type Fault = (typeof faults)[number];
export type Feature = Trait | Fault;

export const focuses = ['wire', 'tracker', 'swarm', 'disk'] as const;
export type Focus = (typeof focuses)[number];

/** What a focus leaves out of the features, so that what it keeps is met more often. */
const left: Readonly<Record<Focus, readonly Feature[]>> = {
  wire: ['contents', 'slow-disks', 'far-tracker', 'disk-full', 'disk-error', 'tracker-forget'],
  tracker: ['files', 'selective', 'slow-disks', 'disk-full', 'disk-error', 'corrupt', 'liars'],
  swarm: [],
  disk: ['nat', 'far-tracker', 'tracker-stop', 'tracker-restart', 'tracker-forget', 'one-way'],
};

/** What a focus has in every scenario. */
const kept: Readonly<Record<Focus, readonly Feature[]>> = {
  wire: ['hostile', 'odd-options', 'poor-links'],
  tracker: ['churn', 'late'],
  swarm: [],
  disk: ['power-cut', 'restart', 'disk-full', 'disk-error', 'slow-disks'],
};

/** The features a scenario with this focus may have, and those it always has. */
export const featuresOf = (
  focus: Focus,
): { readonly some: readonly Feature[]; readonly always: readonly Feature[] } => ({
  some: [...traits, ...faults].filter(
    (feature) => !left[focus].includes(feature) && !kept[focus].includes(feature),
  ),
  always: kept[focus],
});

/** Every fault is an action, or a cut in one direction. */
type Faults = Exclude<Fault, 'one-way'> extends Action['type'] ? true : never;
void (true satisfies Faults);
