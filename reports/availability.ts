/** How many copies of each piece were up, above all of the rarest: from pieces verified, joinings and leavings. */
import type { Instant } from '../core/time.ts';
import { isCrash } from '../sim/action.ts';
import { bitsOf } from '../sim/bits.ts';
import type { RunRecord } from '../sim/record.ts';
import type { Action, RecordedEvent } from '../sim/world.ts';
import { Copies } from './copies.ts';
import { csv, type Row } from './csv.ts';
import { firstSeeds } from './uplink.ts';

export type Availability = {
  /** At the rhythm of the samples, where something had changed. */
  readonly rows: readonly AvailabilityRow[];
  /**
   * For each content when every piece was whole at somebody who did not begin with everything; undefined when that
   * never came.
   */
  readonly allOutMs: readonly (number | undefined)[];
};

export type AvailabilityRow = {
  readonly atMs: number;
  /** Index into `record.contents`. */
  readonly content: number;
  /** Copies of the rarest piece, and how many pieces have no more. */
  readonly rarestCount: number;
  readonly rarestPieces: number;
  readonly meanCount: number;
  /** Peers that were up with this content. */
  readonly peers: number;
};

export function availabilityOf(record: RunRecord): Availability {
  const watch = new Watch(record);
  const { actions, events } = record;
  let next = 0;
  const act = (until: Instant): void => {
    for (let done = actions[next]; done !== undefined && done.at <= until; done = actions[next]) {
      const { at, action } = done;
      watch.reach(at);
      if ('peer' in action && endsLife(action)) watch.gone(action.peer);
      next += 1;
    }
  };
  for (const event of events) {
    act(event.at);
    watch.reach(event.at);
    watch.see(event);
  }
  act(Infinity as Instant);
  return watch.close(record.end.at);
}

const endsLife = (action: Action): boolean =>
  action.type === 'leave' || action.type === 'restart' || isCrash(action);

class Watch {
  readonly #every: number;
  readonly #contentOf: ReadonlyMap<string, number>;
  readonly #copies: readonly Copies[];
  readonly #rows: AvailabilityRow[] = [];
  /** End of the interval that is being gathered. */
  #due: number;

  constructor({ header, contents }: RunRecord) {
    this.#every = Math.max(1, header.plan.sampleEvery);
    this.#due = this.#every;
    const seeds = firstSeeds(header.plan.peers, contents.length);
    this.#contentOf = new Map(contents.map(({ infoHash }, index) => [infoHash, index]));
    this.#copies = contents.map(
      ({ pieceCount }, index) => new Copies(pieceCount, seeds[index] ?? new Set()),
    );
  }

  /** Writes down what was so far when `at` lies in a later interval. */
  reach(at: number): void {
    if (at < this.#due) return;
    this.#note(this.#due);
    this.#due = (Math.floor(at / this.#every) + 1) * this.#every;
  }

  see(event: RecordedEvent): void {
    const copies = this.#copies[this.#contentOf.get(event.infoHash) ?? -1];
    if (copies === undefined) return;
    if (event.type === 'opened') copies.open(event.peer, bitsOf(event.have), event.at);
    else if (event.type === 'piece-verified') copies.add(event.peer, event.piece, event.at);
    else if (event.type === 'stopped') copies.gone(event.peer);
  }

  gone(peer: string): void {
    for (const copies of this.#copies) copies.gone(peer);
  }

  close(at: number): Availability {
    this.#note(at);
    return { rows: this.#rows, allOutMs: this.#copies.map(({ allOutMs }) => allOutMs) };
  }

  #note(atMs: number): void {
    for (const [content, copies] of this.#copies.entries())
      if (copies.takeChanged()) this.#rows.push({ atMs, content, ...copies.state });
  }
}

const columns = [
  'time_ms',
  'content',
  'rarest_copies_count',
  'rarest_pieces_count',
  'mean_copies_count',
  'peers_up_count',
];

export const availabilityCsv = (run: {
  readonly record: RunRecord;
  readonly availability: Availability;
}): Iterable<string> => csv(columns, cells(run.record, run.availability));

function* cells({ contents }: RunRecord, { rows }: Availability): Generator<Row> {
  for (const { atMs, content, rarestCount, rarestPieces, meanCount, peers } of rows)
    yield [atMs, contents[content]?.name, rarestCount, rarestPieces, meanCount.toFixed(3), peers];
}
