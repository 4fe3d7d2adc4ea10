/** What a hunt has met: of the features and actions there are, and which states of peers it has seen. */
import { actionTypes } from '../action.ts';
import { faults, traits } from './features.ts';
import type { Run } from './hunt.ts';

export type Met = {
  readonly features: Count;
  readonly actions: Count;
  /** Kinds of events with their reasons, as `disconnected/banned`, in order of the alphabet. */
  readonly states: readonly string[];
};

export type Count = {
  readonly met: number;
  readonly of: number;
  readonly never: readonly string[];
};

export class Coverage {
  readonly #features = new Set<string>();
  readonly #actions = new Set<string>();
  readonly #states = new Set<string>();

  see({ recipe, record }: Run): void {
    for (const feature of recipe.features) this.#features.add(feature);
    for (const { action } of record?.actions ?? []) this.#actions.add(action.type);
    for (const event of record?.events ?? []) this.#states.add(stateOf(event));
  }

  get met(): Met {
    return {
      features: count(this.#features, [...traits, ...faults]),
      actions: count(this.#actions, actionTypes),
      states: [...this.#states].sort(),
    };
  }
}

const count = (met: ReadonlySet<string>, all: readonly string[]): Count => ({
  met: all.filter((one) => met.has(one)).length,
  of: all.length,
  never: all.filter((one) => !met.has(one)),
});

/** The kind of an event and what tells several of a kind apart. */
function stateOf(event: { readonly type: string }): string {
  const details = event as Readonly<Record<string, unknown>>;
  const reason = details['reason'];
  const why = typeof reason === 'object' && reason !== null ? Object(reason)['code'] : reason;
  const parts = [
    event.type,
    why,
    details['why'],
    details['source'],
    details['event'],
    details['by'],
  ];
  return parts.filter((part) => typeof part === 'string').join('/');
}
