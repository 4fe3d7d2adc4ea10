import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Random, randomStream } from '../../random.ts';
import { type ChokerModel, chokerCommands } from '../../testing/choker-commands.ts';
import { type Instant, minutes, seconds, start } from '../../time.ts';
import { ConnectionId } from '../../torrent/ids.ts';
import { Choker } from './choker.ts';
import {
  type ChokerOptions,
  type ChokerPeer,
  defaultChokerOptions,
  nobodyUnchoked,
} from './slots.ts';
import { chooseUnchoked } from './unchoke.ts';

/** Model runs take about a second; a machine under load must not fail them. */
const slowMachineMs = 120_000;

describe('Choker', () => {
  it(
    'keeps its rules whatever peers do',
    () => {
      const input = fc.record({
        seed: fc.integer(),
        uploadSlots: fc.integer({ min: 1, max: 4 }),
        optimisticSlots: fc.nat({ max: 2 }),
        seedPolicy: fc.constantFrom('round-robin' as const, 'fastest-upload' as const),
        chokePolicy: fc.constantFrom('tit-for-tat' as const, 'random' as const),
        commands: fc.commands(chokerCommands(), { maxCommands: 100, size: 'max' }),
      });
      fc.assert(
        fc.property(input, ({ seed, commands, ...changed }) => {
          const options = { ...defaultChokerOptions, ...changed };
          fc.modelRun(
            () => ({
              model: modelOf(options),
              real: new Choker(start, options, randomStream(seed, 'choker')),
            }),
            commands,
          );
        }),
        { numRuns: 100 },
      );
    },
    slowMachineMs,
  );

  it('unchokes an interested peer at once when a slot is free', () => {
    const choker = new Choker(start, {}, random());
    expect(choker.rechoke(at(1), [peerOf(0)], false).unchoked).toEqual(new Set([0]));
    expect(choker.deadline).toBe(seconds(10));
  });

  it('gives the slot of a peer that is not interested any more to one that is, at once', () => {
    const choker = new Choker(start, { uploadSlots: 1, optimisticSlots: 0 }, random());
    choker.rechoke(at(1), [peerOf(0)], false);
    const peers = [peerOf(0, { interested: false, isChoked: false }), peerOf(1)];
    expect(choker.rechoke(at(2), peers, false).unchoked).toEqual(new Set([1]));
  });

  it('leaves it until the next round where nobody else wants it', () => {
    const choker = new Choker(start, { uploadSlots: 1, optimisticSlots: 0 }, random());
    choker.rechoke(at(1), [peerOf(0)], false);
    const peers = [peerOf(0, { interested: false, isChoked: false })];
    expect(choker.rechoke(at(9_999), peers, false).unchoked).toEqual(new Set([0]));
    expect(choker.rechoke(at(10_000), peers, false).unchoked).toEqual(new Set());
  });

  it('lets nobody gain anything by toggling interest between rounds', () => {
    const choker = new Choker(start, { uploadSlots: 1, optimisticSlots: 0 }, random());
    choker.rechoke(start, [peerOf(0)], false);
    for (let i = 1; i < 1_000; i += 1) {
      const peers = [peerOf(0, { interested: i % 2 === 1 }), peerOf(1, { downBytesPerSec: 9 })];
      const expected = i === 1 ? new Set([0]) : new Set([1]);
      expect(choker.rechoke(at(i), peers, false).unchoked).toEqual(expected);
    }
  });

  it('serves everybody in turn at a seed, each for as long as a turn lasts', () => {
    const options = { uploadSlots: 2, optimisticSlots: 0, seedPolicy: 'round-robin' as const };
    const servedAt = simulateSeed(options, { peers: 10, until: minutes(10) });
    for (let i = 0; i < 10; i += 1) {
      const times = servedAt.get(ConnectionId(i)) ?? [];
      const gaps = times.slice(1).map((time, k) => time - (times[k] ?? 0));
      expect(Math.max(...gaps.filter((gap) => gap > seconds(10)))).toBe(seconds(130));
      expect(times.length).toBeGreaterThan(9);
    }
  });

  it('lets a seed finish what is under way, but nobody keep a slot for ever or without fetching', () => {
    const options = { uploadSlots: 1, optimisticSlots: 0, leastTurnBytes: 100 };
    const turnOf = (turnBytes: number): number => {
      const choker = new Choker(start, options, random());
      const served = peerOf(0, { isChoked: false, unchokedAt: start, turnBytes });
      for (let ms = 10_000; ms < minutes(10); ms += 10_000)
        if (!choker.rechoke(at(ms), [served, peerOf(1)], true).unchoked.has(ConnectionId(0)))
          return ms;
      return Infinity;
    };
    expect([turnOf(0), turnOf(99), turnOf(100)]).toEqual([30_000, 120_000, 30_000]);
  });

  it('serves everybody alike by chance when told so, whatever they give', () => {
    const choker = new Choker(start, { chokePolicy: 'random' }, random());
    const peers = Array.from({ length: 10 }, (_, i) => peerOf(i, { downBytesPerSec: i * 1_000 }));
    const served = new Map<ConnectionId, number>();
    for (let now = 0; now < minutes(500); now += seconds(30))
      for (const conn of choker.rechoke(at(now), peers, false).unchoked)
        served.set(conn, (served.get(conn) ?? 0) + 1);
    // Five of ten in each of 1,000 turns: 500 each.
    for (const { conn } of peers) expect(Math.abs((served.get(conn) ?? 0) - 500)).toBeLessThan(50);
  });

  it('keeps equally fast peers unchoked rather than swapping them for others', () => {
    const choker = new Choker(start, { uploadSlots: 1, optimisticSlots: 0 }, random());
    const peers = [peerOf(0), peerOf(1, { isChoked: false, unchokedAt: start })];
    expect(choker.rechoke(at(10_000), peers, false).unchoked).toEqual(new Set([1]));
  });
});

describe('chooseUnchoked', () => {
  it('draws newcomers three times as often as others', () => {
    const now = at(minutes(10));
    const peers = [peerOf(0, { connectedAt: start }), peerOf(1, { connectedAt: now })];
    const options = { ...defaultChokerOptions, uploadSlots: 0 };
    const draw = random();
    const snapshot = { now, peers, isSeed: false, turn: 'rotation', held: nobodyUnchoked } as const;
    let newcomers = 0;
    for (let run = 0; run < 4_000; run += 1)
      if (chooseUnchoked(snapshot, options, draw).optimistic.has(ConnectionId(1))) newcomers += 1;
    expect(Math.abs(newcomers - 3_000)).toBeLessThan(150);
  });

  it('counts a peer as a newcomer for three rotations', () => {
    const weights: number[] = [];
    for (const age of [seconds(89), seconds(90)]) {
      const peers = [
        peerOf(0, { connectedAt: at(0) }),
        peerOf(1, { connectedAt: at(-minutes(60)) }),
      ];
      const options = { ...defaultChokerOptions, uploadSlots: 0 };
      const held = nobodyUnchoked;
      const snapshot = { now: at(age), peers, isSeed: false, turn: 'rotation', held } as const;
      // The ticket at 60 % belongs to the first peer only if it holds three of four.
      const { optimistic } = chooseUnchoked(snapshot, options, () => 0.6);
      weights.push(optimistic.has(ConnectionId(0)) ? 3 : 1);
    }
    expect(weights).toEqual([3, 1]);
  });

  it('gives a snubbing peer no regular slot, however fast it was, but slots nobody else wants', () => {
    const snubbing = peerOf(0, { snubbed: true, downBytesPerSec: 99 });
    const held = nobodyUnchoked;
    const snapshot = { now: start, isSeed: false, turn: 'round', held } as const;
    const options = { ...defaultChokerOptions, uploadSlots: 2, optimisticSlots: 0 };
    const crowded = { ...snapshot, peers: [snubbing, peerOf(1), peerOf(2)] };
    expect(chooseUnchoked(crowded, options, random()).unchoked).toEqual(new Set([1, 2]));
    const quiet = { ...snapshot, peers: [snubbing, peerOf(1)] };
    expect(chooseUnchoked(quiet, options, random())).toEqual({
      unchoked: new Set([1, 0]),
      optimistic: new Set([0]),
    });
  });

  it('takes a slot lent to a snubbing peer back as soon as another wants it', () => {
    const peers = [peerOf(0, { snubbed: true, isChoked: false }), peerOf(1)];
    const lent = new Set([ConnectionId(0)]);
    const held = { unchoked: lent, optimistic: lent };
    const options = { ...defaultChokerOptions, uploadSlots: 1, optimisticSlots: 0 };
    const snapshot = { now: start, peers, isSeed: false, turn: 'between', held } as const;
    expect(chooseUnchoked(snapshot, options, random()).unchoked).toEqual(new Set([1]));
  });

  it('promotes an optimistic peer that proves fast, and draws another in its place', () => {
    const peers = [peerOf(0, { downBytesPerSec: 1 }), peerOf(1, { downBytesPerSec: 5 }), peerOf(2)];
    const held = {
      unchoked: new Set([ConnectionId(0), ConnectionId(1)]),
      optimistic: new Set([ConnectionId(1)]),
    };
    const options = { ...defaultChokerOptions, uploadSlots: 1 };
    const snapshot = { now: start, peers, isSeed: false, turn: 'round', held } as const;
    const { unchoked, optimistic } = chooseUnchoked(snapshot, options, random());
    expect(unchoked.has(ConnectionId(1)) && !optimistic.has(ConnectionId(1))).toBe(true);
    expect(optimistic.size).toBe(1);
  });
});

/** When each peer was served, by round, at a seed all of them want everything from. */
function simulateSeed(
  options: Partial<ChokerOptions>,
  { peers: count, until }: { readonly peers: number; readonly until: number },
): Map<ConnectionId, number[]> {
  const choker = new Choker(start, options, random());
  const servedAt = new Map<ConnectionId, number[]>();
  let peers = Array.from({ length: count }, (_, i) => peerOf(i));
  for (let now = 0; now <= until; now += seconds(10)) {
    const { unchoked } = choker.rechoke(at(now), peers, true);
    for (const conn of unchoked) servedAt.set(conn, [...(servedAt.get(conn) ?? []), now]);
    peers = peers.map((peer) => {
      const isChoked = !unchoked.has(peer.conn);
      return { ...peer, isChoked, ...(peer.isChoked && !isChoked && { unchokedAt: at(now) }) };
    });
  }
  return servedAt;
}

const modelOf = (options: ChokerOptions): ChokerModel => ({
  options,
  peers: [],
  isSeed: false,
  nextConn: 0,
  now: start,
  rotatedAt: start,
  last: nobodyUnchoked,
});

const peerOf = (id: number, changes: Partial<ChokerPeer> = {}): ChokerPeer => ({
  conn: ConnectionId(id),
  interested: true,
  snubbed: false,
  downBytesPerSec: 0,
  upBytesPerSec: 0,
  connectedAt: start,
  isChoked: true,
  turnBytes: 0,
  uploadOnly: false,
  ...changes,
});

const at = (ms: number): Instant => ms as Instant;

const random = (): Random => randomStream(1, 'choker');
