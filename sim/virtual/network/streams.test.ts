import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { micros } from '../micros.ts';
import type { Access, Carriage, Host } from './network.ts';
import { type Heard, Line, type Pair } from './testing/bench-network.ts';

const rate = fc.integer({ min: 5_000, max: 20_000_000 });

const access: fc.Arbitrary<Partial<Access>> = fc.record({
  upBytesPerSec: rate,
  downBytesPerSec: rate,
  delay: fc.integer({ min: 0, max: 300_000 }).map(micros),
  jitter: fc.oneof(fc.constant(micros(0)), fc.integer({ min: 1, max: 100_000 }).map(micros)),
  loss: fc.constantFrom(0, 0, 0.001, 0.05, 0.5),
});

const side = fc.constantFrom(0 as const, 1 as const);
const length = fc.oneof(
  { weight: 3, arbitrary: fc.integer({ min: 1, max: 100 }) },
  fc.integer({ min: 1, max: 3_000 }),
  fc.integer({ min: 1, max: 60_000 }),
);

const step = fc.oneof(
  { weight: 6, arbitrary: fc.record({ type: fc.constant('write' as const), side, length }) },
  fc.record({ type: fc.constantFrom('freeze' as const, 'thaw' as const), side }),
  fc.record({ type: fc.constantFrom('block' as const, 'heal' as const), side }),
  fc.record({ type: fc.constant('limit' as const), side, up: rate, down: rate }),
);

const story = fc.record({
  seed: fc.nat({ max: 1_000 }),
  hosts: fc.tuple(access, access),
  steps: fc.array(
    fc.record({
      afterMs: fc.oneof(fc.constant(0), fc.nat({ max: 100 }), fc.nat({ max: 4_000 })),
      step,
    }),
    { maxLength: 40 },
  ),
});

type Story = typeof story extends fc.Arbitrary<infer Value> ? Value : never;

/** Byte `at` of what a side writes: no cycle that a cut could repeat unnoticed. */
const byteAt = (at: number): number => ((at * 2_654_435_761) >>> 16) & 0xff;

class Play {
  readonly line: Line;
  readonly hosts: readonly [Host, Host];
  readonly pair: Pair;
  /** Lengths of what each side has written. */
  readonly written: [number[], number[]] = [[], []];
  readonly #totals: [number, number] = [0, 0];

  constructor({ seed, hosts, steps }: Story, carriage: Carriage) {
    this.line = new Line(carriage, seed);
    this.hosts = [this.line.host('here', hosts[0]), this.line.host('there', hosts[1])];
    this.pair = this.line.pair(...this.hosts);
    let at = this.line.ms;
    for (const { afterMs, step: next } of steps) {
      at += afterMs;
      this.line.at(at, () => this.#perform(next));
    }
    this.line.at(at + 1, () => {
      for (const host of this.hosts) {
        host.blockTo(new Set());
        host.thaw();
      }
    });
    this.line.until(at + 3_600_000);
  }

  get heard(): readonly [Heard[], Heard[]] {
    return [this.pair.heardNear, this.pair.heardFar];
  }

  #perform(next: Story['steps'][number]['step']): void {
    const host = this.hosts[next.side];
    const other = this.hosts[next.side === 0 ? 1 : 0];
    if (next.type === 'write') this.#write(next.side, next.length);
    else if (next.type === 'freeze') host.freeze();
    else if (next.type === 'thaw') host.thaw();
    else if (next.type === 'block') host.blockTo(new Set([other]));
    else if (next.type === 'limit')
      host.limit({ upBytesPerSec: next.up, downBytesPerSec: next.down });
    else host.blockTo(new Set());
  }

  #write(from: 0 | 1, bytes: number): void {
    const begun = this.#totals[from];
    const socket = from === 0 ? this.pair.near : this.pair.far;
    const index = this.written[from].push(bytes) - 1;
    if (this.line.carriage === 'values') socket.write(index, bytes);
    else
      socket.write(
        Uint8Array.from({ length: bytes }, (_, i) => byteAt(begun + i)),
        bytes,
      );
    this.#totals[from] += bytes;
  }
}

const arrivals = (heard: readonly Heard[]): unknown[] =>
  heard.filter(([, what]) => what === 'arrived').map(([, , payload]) => payload);

describe('a stream', () => {
  it('brings every byte once and in order, and what was sent is told once', () => {
    fc.assert(
      fc.property(story, (input) => {
        const play = new Play(input, 'bytes');
        for (const to of [0, 1] as const) {
          const from = to === 0 ? 1 : 0;
          const total = play.written[from].reduce((sum, bytes) => sum + bytes, 0);
          let at = 0;
          for (const chunk of arrivals(play.heard[to]) as Uint8Array[]) {
            const begun = at;
            expect(chunk.every((byte, i) => byte === byteAt(begun + i))).toBe(true);
            at += chunk.length;
          }
          expect(at).toBe(total);
          const sent = play.heard[from].filter(([, what]) => what === 'sent');
          expect(sent.reduce((sum, [, , bytes]) => sum + Number(bytes), 0)).toBe(total);
          expect(play.hosts[from].traffic.bytesSent).toBe(total);
          expect(play.hosts[to].traffic.bytesReceived).toBe(total);
        }
      }),
    );
  });

  it('makes the same calls at the same times whether it carries bytes or values', () => {
    fc.assert(
      fc.property(story, (input) => {
        const [bytes, values] = [new Play(input, 'bytes'), new Play(input, 'values')];
        expect(values.line.scheduler.fired).toBe(bytes.line.scheduler.fired);
        for (const to of [0, 1] as const) {
          expect(outline(values.heard[to])).toEqual(outline(bytes.heard[to]));
          const written = values.written[to === 0 ? 1 : 0];
          const chunks = (arrivals(bytes.heard[to]) as Uint8Array[]).map((chunk) => chunk.length);
          expect(arrivals(values.heard[to])).toEqual(wholeItems(written, chunks));
        }
      }),
    );
  });

  it('repeats itself to the microsecond when it is played again from the same seed', () => {
    fc.assert(
      fc.property(story, (input) => {
        expect(new Play(input, 'values').heard).toEqual(new Play(input, 'values').heard);
      }),
      { numRuns: 50 },
    );
  });

  it('is cut at places that differ from seed to seed', () => {
    const cuts = [1, 2].map((seed) => {
      const line = new Line('bytes', seed);
      const pair = line.pair(line.host('here'), line.host('there'));
      pair.near.write(new Uint8Array(500_000), 500_000);
      line.until(10_000);
      return (arrivals(pair.heardFar) as Uint8Array[]).map((chunk) => chunk.length);
    });
    expect(cuts[0]).not.toEqual(cuts[1]);
    expect(Math.max(...cuts.flat())).toBeLessThan(25_000);
  });
});

/** Without what differs between the carriages: the payload itself. */
const outline = (heard: readonly Heard[]): unknown[] =>
  heard.map(([at, what, detail]) => [at, what, what === 'arrived' ? undefined : detail]);

/** Which items become whole with each of the chunks. */
function wholeItems(lengths: readonly number[], chunks: readonly number[]): number[][] {
  let [next, begun] = [0, 0];
  return chunks.map((bytes) => {
    begun += bytes;
    const whole: number[] = [];
    for (;;) {
      const needed = lengths[next];
      if (needed === undefined || begun < needed) return whole;
      begun -= needed;
      whole.push(next);
      next += 1;
    }
  });
}
