/** Gives the world its orders, one at a time for each peer, keeps account of them, and knows what is still broken. */
import type { Instant } from '../core/time.ts';
import type { Step } from './plan.ts';
import type { PerformedAction } from './record.ts';
import type { Action, World } from './world.ts';

type Order = Omit<Step, 'at'>;

type Done = { -readonly [Key in keyof PerformedAction]: PerformedAction[Key] };

export class Stage {
  readonly #world: World;
  readonly #begun: (at: Instant, action: Action) => void;
  readonly #performed: Done[] = [];
  /** For each peer that is busy with an order, and for the tracker: the orders that wait. */
  readonly #busy = new Map<string, Order[]>();
  /** What undoes each fault that is open, by the fault. */
  readonly #open = new Map<string, Action>();

  /** `begun` is told of each action at the moment the world is. */
  constructor(world: World, begun: (at: Instant, action: Action) => void) {
    this.#world = world;
    this.#begun = begun;
  }

  get performed(): readonly PerformedAction[] {
    return this.#performed;
  }

  get isIdle(): boolean {
    return this.#busy.size === 0;
  }

  /** What would heal everything that is broken now. */
  get remedies(): readonly Action[] {
    return [...new Set(this.#open.values())];
  }

  /** Begins the action at once; a second one for the same peer begins when the first is done. */
  perform(order: Order): void {
    this.#note(order.action);
    const key = subjectOf(order.action);
    const waiting = this.#busy.get(key);
    if (waiting !== undefined) waiting.push(order);
    else this.#carryOut(key, [order]);
  }

  /** One after the other, until one takes its time or none is left. */
  #carryOut(key: string, orders: Order[]): void {
    this.#busy.set(key, orders);
    for (let order = orders.shift(); order !== undefined; order = orders.shift()) {
      const isDone = this.#begin(order, () => this.#carryOut(key, orders));
      if (!isDone) return;
    }
    this.#busy.delete(key);
  }

  /** Whether the world did it at once, as virtual time does; otherwise `goOn` is called in the moment it is done. */
  #begin({ action, cause }: Order, goOn: () => void): boolean {
    const done: Done = { at: this.#world.now, action, cause };
    this.#performed.push(done);
    this.#begun(done.at, action);
    const failed = (error: unknown): void => {
      done.error = error instanceof Error ? error.message : String(error);
    };
    const finished = (): void => {
      done.doneAt = this.#world.now;
    };
    try {
      const under = this.#world.perform(action);
      if (under === undefined) finished();
      // All in one turn: virtual time goes on with the next.
      const then = (told: typeof failed) => (error?: unknown) => {
        told(error);
        goOn();
      };
      void under?.then(then(finished), then(failed));
      return under === undefined;
    } catch (error) {
      failed(error);
      return true;
    }
  }

  #note(action: Action): void {
    switch (action.type) {
      case 'cut':
        this.#open.set(`cut ${JSON.stringify(action.between)}`, healEverything);
        return;
      case 'heal':
        this.#healed(action);
        return;
      case 'freeze':
        this.#open.set(`frozen ${action.peer}`, { type: 'thaw', peer: action.peer });
        return;
      case 'disk-full':
      case 'disk-error':
        this.#open.set(`disk ${action.peer}`, { type: 'disk-heal', peer: action.peer });
        return;
      case 'thaw':
        this.#open.delete(`frozen ${action.peer}`);
        return;
      case 'disk-heal':
        this.#open.delete(`disk ${action.peer}`);
        return;
      case 'leave':
      case 'crash':
      case 'power-cut':
        this.#open.delete(`frozen ${action.peer}`);
        this.#open.delete(`disk ${action.peer}`);
        return;
      case 'tracker-stop':
        this.#open.set('tracker', { type: 'tracker-restart' });
        return;
      case 'tracker-restart':
        this.#open.delete('tracker');
        return;
      default:
        return;
    }
  }

  #healed({ between }: Extract<Action, { type: 'heal' }>): void {
    const cuts = [...this.#open.keys()].filter((key) => key.startsWith('cut '));
    const healed = between === undefined ? cuts : [`cut ${JSON.stringify(between)}`];
    for (const key of healed) this.#open.delete(key);
  }
}

const healEverything: Action = { type: 'heal' };

function subjectOf(action: Action): string {
  if ('peer' in action) return action.peer;
  return action.type.startsWith('tracker-') ? 'the tracker' : 'the links';
}

/** The last moment anything was done; the start when nothing was. */
export const lastDone = (performed: readonly PerformedAction[]): Instant =>
  Math.max(0, ...performed.map(({ at, doneAt }) => doneAt ?? at)) as Instant;
