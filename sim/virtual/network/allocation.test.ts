import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { micros } from '../micros.ts';
import type { Host, Socket } from './network.ts';
import { Line } from './testing/bench-network.ts';
import { equalSplit, type Rates, type Transfer, waterFilling } from './testing/water-filling.ts';

/** How far a stream may be from its fair share: it is served in segments, and is counted over some hundreds of them. */
const tolerance = 0.08;
/** The sum is exact but for what lies in queues. */
const totalTolerance = 0.005;

const itemBytes = 1_000;
/** Written ahead: 2 MB, more than any window here lets out at once. */
const itemsAhead = 2_000;

type Topology = {
  readonly hosts: readonly Rates[];
  readonly delaysMs: readonly number[];
  readonly transfers: readonly Transfer[];
};

/** Bytes per second of each transfer when everything has settled; all of them always have something to send. */
function measure({ hosts: rates, delaysMs, transfers }: Topology): number[] {
  const line = new Line();
  const hosts = rates.map(({ up, down }, i) =>
    line.host(`host ${i}`, {
      upBytesPerSec: up,
      downBytesPerSec: down,
      delay: micros((delaysMs[i] ?? 0) * 1_000),
    }),
  );
  const received = transfers.map(() => 0);
  for (const [i, { from, to }] of transfers.entries())
    transfer([hosts[from] as Host, hosts[to] as Host], 1_000 + i, (bytes) => {
      received[i] = (received[i] ?? 0) + bytes;
    });
  line.until(settleMs);
  const before = [...received];
  line.until(settleMs + measuredMs);
  return received.map((bytes, i) => (bytes - (before[i] ?? 0)) / (measuredMs / 1_000));
}

const settleMs = 200_000;
const measuredMs = 600_000;

function transfer(
  [from, to]: readonly [Host, Host],
  port: number,
  received: (bytes: number) => void,
): void {
  const nothing = { connected: () => undefined, sent: () => undefined, gone: () => undefined };
  to.listen(port, () => ({
    ...nothing,
    arrived: (items) => received(items.length * itemBytes),
  }));
  let unsent = 0;
  const fill = (socket: Socket): void => {
    for (; unsent < itemsAhead * itemBytes; unsent += itemBytes) socket.write('item', itemBytes);
  };
  const socket: Socket = from.dial(
    { ip: to.ip, port },
    {
      ...nothing,
      arrived: () => undefined,
      connected: () => fill(socket),
      sent: (bytes) => {
        unsent -= bytes;
        fill(socket);
      },
    },
  );
}

/** From 20 KB/s to 2.5 MB/s, evenly in powers of two. */
const bytesPerSec = fc.double({ min: 0, max: 7, noNaN: true }).map((power) => 20_000 * 2 ** power);

const topology: fc.Arbitrary<Topology> = fc.integer({ min: 2, max: 12 }).chain((count) =>
  fc.record({
    hosts: fc.array(fc.record({ up: bytesPerSec, down: bytesPerSec }), {
      minLength: count,
      maxLength: count,
    }),
    delaysMs: fc.array(fc.nat({ max: 100 }), { minLength: count, maxLength: count }),
    transfers: fc.array(
      fc
        .record({ from: fc.nat({ max: count - 1 }), by: fc.integer({ min: 1, max: count - 1 }) })
        .map(({ from, by }) => ({ from, to: (from + by) % count })),
      { minLength: 1, maxLength: 30 },
    ),
  }),
);

const total = (rates: readonly number[]): number => rates.reduce((sum, rate) => sum + rate, 0);

const worst = (rates: readonly number[], fair: readonly number[]): number =>
  Math.max(...fair.map((rate, i) => Math.abs((rates[i] ?? 0) / rate - 1)));

describe('the rates of long transfers', () => {
  it('are max-min fair at the access links, whatever the delays', () => {
    fc.assert(
      fc.property(topology, (input) => {
        const fair = waterFilling(input.hosts, input.transfers);
        const rates = measure(input);
        expect(worst(rates, fair)).toBeLessThan(tolerance);
        expect(Math.abs(total(rates) / total(fair) - 1)).toBeLessThan(totalTolerance);
      }),
      { numRuns: 20 },
    );
  });

  it('give to others what a stream cannot use, where an equal split at the receiver would lose it', () => {
    // One slow and one fast sender to the first receiver, which the fast one shares with a second.
    const input: Topology = {
      hosts: [
        { up: 50_000, down: 50_000 },
        { up: 1_000_000, down: 1_000_000 },
        { up: 400_000, down: 400_000 },
        { up: 1_000_000, down: 1_000_000 },
      ],
      delaysMs: [10, 20, 30, 40],
      transfers: [
        { from: 0, to: 2 },
        { from: 1, to: 2 },
        { from: 1, to: 3 },
      ],
    };
    expect(waterFilling(input.hosts, input.transfers)).toEqual([50_000, 350_000, 650_000]);
    expect(total(equalSplit(input.hosts, input.transfers))).toBe(750_000);
    expect(worst(measure(input), [50_000, 350_000, 650_000])).toBeLessThan(0.02);
  });
});
