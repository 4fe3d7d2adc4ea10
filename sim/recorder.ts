/** Takes down a run while it is played, as much of it as the scenario asks for, and keeps the truth. */
import type { Instant } from '../core/time.ts';
import type { Plan } from './plan.ts';
import type { Claims, PerformedAction, RunRecord, TrueLists } from './record.ts';
import { Samples } from './samples.ts';
import { transfersOf } from './transfers.ts';
import { Truth } from './truth.ts';
import { UnchokeWatch } from './unchoke-watch.ts';
import { VerifiedWatch } from './verified-watch.ts';
import type { Action, ContentFacts, Ending, Observation, RecordedEvent } from './world.ts';

/** Told for every block or every few seconds of every connection; what they prove is worked out as they come. */
const fleeting: ReadonlySet<RecordedEvent['type']> = new Set([
  ...(['served', 'have-announced', 'wasted'] as const),
  ...(['choked', 'unchoked', 'tracker-answered'] as const),
]);

export class Recorder {
  readonly #plan: Plan;
  readonly #contents: readonly ContentFacts[];
  readonly #truth: Truth;
  readonly #unchokes: UnchokeWatch;
  /** Only in a lean record: a full one has the claims, to be checked by whoever reads it. */
  readonly #verified: VerifiedWatch | undefined;
  readonly #samples: Samples;
  readonly #events: RecordedEvent[] = [];

  constructor(plan: Plan, contents: readonly ContentFacts[]) {
    this.#plan = plan;
    this.#contents = contents;
    this.#truth = new Truth(contents);
    this.#unchokes = new UnchokeWatch(plan, contents);
    this.#verified = plan.record === 'lean' ? new VerifiedWatch() : undefined;
    this.#samples = new Samples(plan.record);
  }

  /** Call with each action when the world is told of it. */
  act(at: Instant, action: Action): void {
    this.#truth.act(at, action);
    this.#unchokes.act(at, action);
  }

  /** Call with each event, in order of time, before anything that is done later. */
  hear(event: RecordedEvent): void {
    this.#truth.see(event);
    this.#unchokes.see(event);
    this.#verified?.see(event);
    if (this.#verified === undefined || !fleeting.has(event.type)) this.#events.push(event);
  }

  /** Call with each observation, when everything told before it was heard. */
  look(seen: Observation): void {
    this.#samples.add(seen, this.lists);
  }

  /** Who is what now, by content. */
  get lists(): readonly TrueLists[] {
    return this.#truth.lists();
  }

  /** In a lean record; `untold` are those that held and were not told of. */
  claims(untold: number): Claims | undefined {
    const claims = this.#verified?.claims;
    return claims && { ...claims, checked: claims.checked + untold };
  }

  /** Everything but the judgement; call once, when the world has ended. */
  close(
    { files, pairs, leaks }: Ending,
    actions: readonly PerformedAction[],
    end: Instant,
  ): Omit<RunRecord, 'header' | 'missed' | 'checks' | 'end'> {
    return {
      contents: this.#contents,
      peers: this.#samples.records(this.#plan),
      actions,
      events: this.#events,
      samples: this.#samples.peers,
      tracker: this.#samples.tracker,
      transfers: transfersOf(pairs, this.#unchokes.close(end)),
      files,
      leaks,
    };
  }
}
