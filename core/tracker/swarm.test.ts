import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { randomStream } from '../random.ts';
import { start } from '../time.ts';
import type { IpFamily } from './compact.ts';
import { Announcement } from './announcement.ts';
import { nobody } from './peer-table.ts';
import { defaultRegistryOptions } from './registry-options.ts';
import type { Swarm } from './swarm.ts';
import { Swarms } from './swarms.ts';

const anybody = { asker: nobody, withSeeders: true, family: undefined };

describe('Swarm', () => {
  it('chooses every peer equally often, and never the one that asks', () => {
    const { rows, swarm } = swarmOf(20);
    const [asker = nobody] = rows;
    const random = randomStream(7, 'choice');
    const counts = new Map<number, number>();
    for (let round = 0; round < 2_000; round += 1)
      for (const row of chosenFrom(swarm, { ...anybody, count: 5, asker }, random))
        counts.set(row, (counts.get(row) ?? 0) + 1);
    expect(counts.has(asker)).toBe(false);
    expect(counts.size).toBe(19);
    // 2000 rounds x 5 of 19: 526 each, with a standard deviation of 20.
    for (const count of counts.values()) expect(Math.abs(count - 526)).toBeLessThan(100);
  });

  it('names first whomever chance names, even when it names all', () => {
    const { rows, swarm } = swarmOf(20);
    const [asker = nobody] = rows;
    const random = randomStream(7, 'order');
    const first = new Map<number, number>();
    for (let round = 0; round < 2_000; round += 1) {
      const [row = nobody] = chosenFrom(swarm, { ...anybody, count: 50, asker }, random);
      first.set(row, (first.get(row) ?? 0) + 1);
    }
    // 2000 rounds over 19: 105 each, with a standard deviation of 10.
    expect(first.size).toBe(19);
    for (const count of first.values()) expect(Math.abs(count - 105)).toBeLessThan(50);
  });

  it('chooses every pair together equally often', () => {
    const { swarm } = swarmOf(6);
    const random = randomStream(9, 'pairs');
    const pairs = new Map<string, number>();
    for (let round = 0; round < 6_000; round += 1) {
      const pair = chosenFrom(swarm, { ...anybody, count: 2 }, random)
        .sort()
        .join();
      pairs.set(pair, (pairs.get(pair) ?? 0) + 1);
    }
    // 6000 rounds over 15: 400 each, with a standard deviation of 19.
    expect(pairs.size).toBe(15);
    for (const count of pairs.values()) expect(Math.abs(count - 400)).toBeLessThan(100);
  });

  it('draws twice at most for each peer it chooses, on the average, however large it is', () => {
    for (const size of [60, 100, 101, 10_000]) {
      const { swarm } = swarmOf(size);
      const stream = randomStream(5, 'draws');
      let draws = 0;
      const random = (): number => {
        draws += 1;
        return stream();
      };
      for (let round = 0; round < 100; round += 1)
        expect(new Set(chosenFrom(swarm, { ...anybody, count: 50 }, random)).size).toBe(50);
      expect(draws).toBeLessThan(100 * 2 * 50);
    }
  });

  it('chooses even with a coin that always falls alike', () => {
    const { swarm } = swarmOf(1_000);
    expect(new Set(chosenFrom(swarm, { ...anybody, count: 50 }, () => 0.999)).size).toBe(50);
  });

  it('chooses as a list would from which everybody else was struck, whoever comes, goes, moves and completes', () => {
    const steps = fc.array(
      fc.record({
        who: fc.nat({ max: 12 }),
        what: fc.constantFrom('come', 'come', 'go', 'seeder', 'leecher', 'paused', 'move'),
        six: fc.boolean(),
      }),
      { maxLength: 60 },
    );
    const choices = fc.record({
      count: fc.nat({ max: 15 }),
      asker: fc.nat({ max: 12 }),
      withSeeders: fc.boolean(),
      family: fc.constantFrom<IpFamily | undefined>('peers', 'peers6', undefined),
    });
    fc.assert(
      fc.property(steps, choices, fc.nat(), (happened, choice, seed) => {
        const model = new Map<number, { isSeeder: boolean; isSix: boolean; row: number }>();
        const swarms = new Swarms(randomStream(1, 'keys'), defaultRegistryOptions, () => false);
        for (const step of happened) play(swarms, model, step);
        const [swarm = swarms.emptySwarm(infoHash)] = swarms.all();
        const eligible = Array.from(model)
          .filter(([who, { isSeeder, isSix }]) => {
            const isWanted = choice.family === undefined || isSix === (choice.family === 'peers6');
            return who !== choice.asker && isWanted && (choice.withSeeders || !isSeeder);
          })
          .map(([, { row }]) => row);
        const asker = model.get(choice.asker)?.row ?? nobody;
        const chosen = chosenFrom(swarm, { ...choice, asker }, randomStream(seed, 'choice'));
        expect(new Set(chosen).size).toBe(Math.min(choice.count, eligible.length));
        expect(eligible).toEqual(expect.arrayContaining(chosen));
        expect(swarm.size).toBe(model.size);
        const everybody = swarm.candidates({ ...choice, asker });
        expect(new Set(everybody.map((place) => swarm.rowOf(place)))).toEqual(new Set(eligible));
        for (const [who, { row }] of model) expect(swarm.find(idOf(who))).toBe(row);
      }),
    );
  });
});

const infoHash = new Uint32Array(5);
const idOf = (who: number): Uint32Array => Uint32Array.of(7, 7, 7, 7, who);

function play(
  swarms: Swarms,
  model: Map<number, { isSeeder: boolean; isSix: boolean; row: number }>,
  { six, what, who }: { readonly six: boolean; readonly what: string; readonly who: number },
): void {
  const known = model.get(who);
  const announcement = announcementOf(who, six);
  if (what === 'come' && known === undefined) {
    const row = swarms.enter(start, announcement);
    model.set(who, { isSeeder: false, isSix: six, row });
  }
  if (known === undefined) return;
  const { row } = known;
  if (what === 'go') {
    swarms.remove(row);
    model.delete(who);
  }
  if (what === 'move') {
    swarms.hear(start, row, announcement);
    known.isSix = six;
  }
  if (what === 'seeder' || what === 'leecher' || what === 'paused') {
    known.isSeeder = what === 'seeder';
    swarms.swarmOf(row).assign(row, { isSeeder: known.isSeeder, isPaused: what === 'paused' });
  }
}

function announcementOf(who: number, six: boolean): Announcement {
  const announcement = new Announcement();
  announcement.peerId.set(idOf(who));
  announcement.ip.set(six ? [0x2001_0db8, 0, 0, who] : [0, 0, 0xffff, 0x0a00_0000 + who]);
  announcement.port = 1 + who;
  return announcement;
}

function chosenFrom(
  swarm: Swarm,
  choice: Parameters<Swarm['choose']>[1],
  random: () => number,
): number[] {
  const chosen = new Uint32Array(200);
  const count = swarm.choose(random, choice, chosen);
  return Array.from(chosen.subarray(0, count), (place) => swarm.rowOf(place));
}

function swarmOf(count: number): { readonly swarm: Swarm; readonly rows: number[] } {
  const swarms = new Swarms(randomStream(1, 'keys'), defaultRegistryOptions, () => false);
  const rows = Array.from({ length: count }, (_, n) => {
    const row = swarms.enter(start, announcementOf(n, n % 7 === 0));
    swarms.swarmOf(row).assign(row, { isSeeder: n % 3 === 0, isPaused: false });
    return row;
  });
  return { swarm: swarms.swarmOf(rows[0] ?? 0), rows };
}
