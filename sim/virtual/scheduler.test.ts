import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { micros, type Micros } from './micros.ts';
import { TimingWheel } from './scheduler-wheel.ts';
import { Scheduler, type Target } from './scheduler.ts';
import { CalendarQueue, type EventQueue, HeapQueue } from './testing/event-queues.ts';

/** The plainest queue there is: sorted by time, with what was scheduled first in front. */
class SortedEvents {
  now = 0;
  readonly #events: { readonly at: number; readonly name: number }[] = [];

  add(at: number, name: number): void {
    const behind = this.#events.findIndex((event) => event.at > at);
    this.#events.splice(behind < 0 ? this.#events.length : behind, 0, { at, name });
  }

  get pending(): number {
    return this.#events.length;
  }

  run(until: number, fire: (name: number) => boolean): void {
    for (;;) {
      const first = this.#events[0];
      if (first === undefined || first.at > until) break;
      this.#events.shift();
      this.now = first.at;
      if (!fire(first.name)) return;
    }
    this.now = until;
  }
}

/** Waits on every level of the wheel, and next to where levels meet. */
const wait = fc.oneof(
  fc.nat({ max: 3 }),
  fc.nat({ max: 10_000 }),
  fc.nat({ max: 2 ** 26 }),
  fc.nat({ max: 2 ** 31 }),
  fc.integer({ min: 0, max: 2 ** 38 }),
  fc.constantFrom(4_095, 4_096, 4_097, 2 ** 24 - 1, 2 ** 24, 2 ** 24 + 1, 2 ** 36 - 1, 2 ** 36),
);

const step = fc.oneof(
  fc.record({ type: fc.constant('add' as const), wait }),
  fc.record({ type: fc.constant('run' as const), wait }),
);

describe('Scheduler', () => {
  it('fires in the order of the plainest queue, whatever is added before and meanwhile', () => {
    const input = fc.record({
      steps: fc.array(step, { maxLength: 60 }),
      /** What an event schedules when it fires; every seventh interrupts. */
      echoes: fc.array(fc.option(wait, { nil: undefined }), { minLength: 1, maxLength: 20 }),
    });
    fc.assert(
      fc.property(input, ({ steps, echoes }) => {
        const [scheduler, oracle] = [new Scheduler(), new SortedEvents()];
        const fired: number[] = [];
        const expected: number[] = [];
        let names = 0;
        const echoOf = (name: number): number | undefined =>
          names < 200 ? echoes[name % echoes.length] : undefined;
        const target: Target = {
          fire: (what, detail) => {
            expect(detail).toBe(what / 2);
            fired.push(what, scheduler.now);
            const echo = echoOf(what);
            if (echo !== undefined) add(scheduler.now + echo);
            if (what % 7 === 6) scheduler.interrupt();
          },
        };
        const add = (at: number): void => {
          scheduler.schedule(at as Micros, target, names, names / 2);
          names += 1;
        };
        for (const { type, wait: by } of steps) {
          if (type === 'add') {
            oracle.add(oracle.now + by, names);
            add(scheduler.now + by);
          } else {
            const until = oracle.now + by;
            const before = names;
            scheduler.run(until as Micros);
            names = before;
            oracle.run(until, (name) => {
              expected.push(name, oracle.now);
              const echo = echoOf(name);
              if (echo !== undefined) {
                oracle.add(oracle.now + echo, names);
                names += 1;
              }
              return name % 7 !== 6;
            });
          }
          expect(fired).toEqual(expected);
          expect(scheduler.now).toBe(oracle.now);
          expect(scheduler.pending).toBe(oracle.pending);
        }
        expect(scheduler.fired).toBe(fired.length / 2);
      }),
    );
  });

  it('fires what is scheduled for the very instant after what was scheduled for it before', () => {
    const scheduler = new Scheduler();
    const order: string[] = [];
    scheduler.at(micros(5), () => {
      order.push('first');
      scheduler.at(micros(5), () => order.push('third'));
    });
    scheduler.at(micros(5), () => order.push('second'));
    scheduler.run(micros(5));
    expect(order).toEqual(['first', 'second', 'third']);
  });

  it('keeps the order of one instant when some of its events were scheduled hours ahead', () => {
    const scheduler = new Scheduler();
    const at = micros(2 ** 37 + 4_096);
    const order: string[] = [];
    scheduler.at(at, () => order.push('long ago'));
    scheduler.run(micros(at - 3));
    scheduler.at(at, () => order.push('lately'));
    scheduler.run(at);
    expect(order).toEqual(['long ago', 'lately']);
  });

  it('stands at the time of the event that interrupted it, and goes on from there', () => {
    const scheduler = new Scheduler();
    const order: number[] = [];
    scheduler.at(micros(10), () => {
      order.push(1);
      scheduler.interrupt();
    });
    scheduler.at(micros(10), () => order.push(2));
    scheduler.run(micros(100));
    expect([scheduler.now, scheduler.pending, order]).toEqual([10, 1, [1]]);
    scheduler.run(micros(100));
    expect([scheduler.now, scheduler.pending, order]).toEqual([100, 0, [1, 2]]);
  });

  it('refuses what is past, broken, or no time at all', () => {
    const scheduler = new Scheduler();
    scheduler.run(micros(10));
    for (const at of [9, 10.5, Number.NaN, Infinity, -1, 2 ** 48]) {
      expect(() => scheduler.at(at as Micros, () => undefined)).toThrow(RangeError);
      if (at !== 2 ** 48) expect(() => scheduler.run(at as Micros)).toThrow(RangeError);
    }
    expect(scheduler.pending).toBe(0);
  });
});

describe('the queues that were measured', () => {
  it('all take out the same events in the same order', () => {
    const waits = fc.array(fc.tuple(fc.nat({ max: 300_000 }), fc.boolean()), { maxLength: 300 });
    fc.assert(
      fc.property(waits, (steps) => {
        const taken = [
          new TimingWheel<object>(),
          new HeapQueue<object>(2),
          new HeapQueue<object>(4),
          new CalendarQueue<object>(),
        ].map((queue: EventQueue<object>) => {
          const order: unknown[] = [];
          for (const [i, [by, isTaken]] of steps.entries()) {
            queue.insert(queue.time + by, { i }, i, i);
            if (isTaken) order.push(queue.next(Infinity), queue.time);
          }
          for (;;) {
            const target = queue.next(Infinity);
            if (target === undefined) return order;
            order.push(target, queue.time);
          }
        });
        for (const order of taken) expect(order).toEqual(taken[0]);
      }),
    );
  });
});
