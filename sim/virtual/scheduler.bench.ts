/** Trap: with few events pending a heap is as good; what counts is what a swarm of thousands has, whose waits are of all lengths. */
import { bench, describe } from 'vitest';
import { randomStream } from '../../core/random.ts';
import { TimingWheel } from './scheduler-wheel.ts';
import { CalendarQueue, type EventQueue, HeapQueue } from './testing/event-queues.ts';

const eventsPerRun = 100_000;
const target = {};

/** Mostly deliveries (5 to 100 ms) and ends of segments (below 20 ms), some timers (up to a minute). */
const waits = (() => {
  const random = randomStream(1, 'waits');
  return Int32Array.from({ length: 1 << 16 }, () => {
    const kind = random();
    if (kind < 0.6) return 5_000 + random() * 95_000;
    return random() * (kind < 0.9 ? 20_000 : 60_000_000);
  });
})();

for (const pending of [10_000, 100_000, 1_000_000])
  describe(`${eventsPerRun} events with ${pending} pending`, () => {
    for (const [name, queue] of [
      ['timing wheel', new TimingWheel<object>()],
      ['binary heap', new HeapQueue<object>(2)],
      ['4-ary heap', new HeapQueue<object>(4)],
      ['calendar', new CalendarQueue<object>()],
    ] as const) {
      for (let i = 0; i < pending; i += 1) queue.insert(waitOf(i), target, i, i);
      let at = 0;
      bench(name, () => {
        at = hold(queue, at);
      });
    }
  });

/** The hold model: each event that comes schedules another. */
function hold(queue: EventQueue<object>, from: number): number {
  for (let i = from; i < from + eventsPerRun; i += 1) {
    queue.next(Infinity);
    queue.insert(queue.time + waitOf(i), target, i, i);
  }
  return from + eventsPerRun;
}

function waitOf(i: number): number {
  return waits[i & (waits.length - 1)] ?? 0;
}
