import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { boundOf } from '../bound.ts';
import { capacityOf } from '../capacity.ts';
import { Evidence } from '../evidence.ts';
import type { RunRecord } from '../record.ts';
import type { PeerGroupInput, ScenarioInput } from '../scenario.ts';
import { pieceCount, pieceLength } from '../testing/fake-world.ts';
import { calm, doctored, recordOf } from '../testing/records.ts';
import { bound } from './bound.ts';

const whole = pieceCount * pieceLength;

// In every run of the fake world, a leecher that joins at 100 ms has its eight pieces at 500 ms.
const group = (more: object = {}): PeerGroupInput => ({
  count: 2,
  has: 'nothing',
  joins: { at: 100 },
  ...more,
});

const played = (
  seeder: PeerGroupInput['link'],
  leecher: object = {},
  more: Partial<ScenarioInput> = {},
): Promise<RunRecord> =>
  recordOf({
    ...calm,
    peers: {
      seeder: { count: 2, has: 'all', ...(seeder === undefined ? {} : { link: seeder }) },
      leecher: group(leecher),
    },
    ...more,
  });

const judge = (record: RunRecord) => bound(new Evidence(record));

describe('the bound', () => {
  it('says nothing, and holds, where no rate limits anybody', async () => {
    const { held, detail } = judge(await played({}));
    expect(held).toBe(true);
    expect(detail).toContain('no rate limits anybody');
  });

  it('says nothing, and holds, where nobody completed who lacked anything', async () => {
    const record = await recordOf({
      ...calm,
      peers: { leecher: { count: 2, has: { allBut: [3, 5] }, link: { up: '1kB/s' } } },
      expect: [{ nobodyCompletes: 'leechers' }],
    });
    const { held, detail } = judge(record);
    expect(held).toBe(true);
    expect(detail).toContain('nobody completed who lacked');
  });

  it.each([
    ['seed-bound', { up: 400_000 }, { link: { up: 1e9, down: 1e9 } }, whole / 8e5],
    ['download-bound', { up: 1e9 }, { link: { up: 1e9, down: 400_000 } }, whole / 4e5],
    ['upload-bound', { up: 350_000 }, { link: { up: 1_000, down: 1e9 } }, (2 * whole) / 702_000],
    // A peer's own limit holds as its link does.
    [
      'upload-bound',
      { up: 1e9 },
      { options: { upBytesPerSec: 1_000 } },
      (2 * whole) / 2_000_002_000,
    ],
  ])(
    'holds of a run that took longer, and tells by how much: %s',
    async (binding, up, leecher, sec) => {
      const record = await played(up, leecher);
      expect(boundOf(new Evidence(record))).toMatchObject({ binding });
      const { held, detail } = judge(record);
      expect(held).toBe(true);
      expect(detail).toContain(
        `${(0.4 / sec).toFixed(3)} times the least time of ${sec.toFixed(3)} s`,
      );
    },
  );

  it.each([
    ['the uplinks of the seeds', { up: 150_000 }, { link: { up: 1e9 } }],
    ['its own downlink', { up: 1e9 }, { link: { down: 300_000 } }],
    ['the uplinks allow', { up: 300_000 }, { link: { up: 1_000 } }],
  ])('is broken by a run that was quicker than possible: %s', async (what, up, leecher) => {
    const { held, detail } = judge(await played(up, leecher));
    expect(held).toBe(false);
    expect(detail).toContain(what);
  });

  it('is broken by the first that is too quick, although the last is not', async () => {
    const record = await played({ up: 300_000 }, { link: { up: 1_000 } });
    const late = record.events.map((event) =>
      event.type === 'completed' && event.peer === 'leecher-1'
        ? { ...event, at: 60_000 as typeof event.at }
        : event,
    );
    expect(judge(doctored(record, { events: late })).held).toBe(true);
    const early = record.events.map((event) =>
      event.type === 'completed' && event.peer === 'leecher-1'
        ? { ...event, at: 60_000 as typeof event.at }
        : event.type === 'completed'
          ? { ...event, at: 250 as typeof event.at }
          : event,
    );
    expect(judge(doctored(record, { events: early })).detail).toContain('leecher-0 completed');
  });

  it('counts a downlink from its own joining, and everything else from the first', async () => {
    const record = await recordOf({
      ...calm,
      peers: {
        seeder: { count: 1, has: 'all', link: { up: 350_000 } },
        leecher: group({ count: 1, link: { up: 100 } }),
        late: group({ count: 1, joins: { at: 1_000 }, link: { down: 330_000 } }),
      },
      expect: [{ everyoneCompletes: 'late' }],
    });
    // One copy takes the uplinks 0.374 s, of the 0.4 s there were; the late one's line needs 0.397 s for its own.
    expect(judge(record).held).toBe(true);
    const slower = await recordOf({
      ...calm,
      peers: {
        seeder: { count: 1, has: 'all', link: { up: 1e9 } },
        leecher: group({ count: 1 }),
        late: group({ count: 1, joins: { at: 1_000 }, link: { down: 300_000 } }),
      },
      expect: [{ everyoneCompletes: 'late' }],
    });
    expect(judge(slower).detail).toContain('late-0 completed after 0.400 s, its own downlink');
  });

  it('asks of the seeds only what nobody else had', async () => {
    const slow = { count: 1, has: 'all', link: { up: 300_000 } } as const;
    const peers = { seeder: slow, leecher: group({ count: 1 }) };
    const alone = await recordOf({ ...calm, peers });
    expect(judge(alone).detail).toContain('the uplinks of the seeds');
    const helper = group({ count: 1, has: { only: [0, 1, 2, 3, 4] }, joins: { at: 300 } });
    const helped = await recordOf({ ...calm, peers: { ...peers, helper } });
    expect(judge(helped).held).toBe(true);
  });

  it('bears with a bucket that is full when a life begins, and takes the highest rate there was', async () => {
    const record = await played({ up: 100_000 }, { count: 1 });
    const [peer] = record.header.plan.peers;
    if (peer === undefined) throw new Error('nobody');
    const life = record.actions.filter(
      ({ action }) => 'peer' in action && action.peer === peer.name,
    );
    const done = (action: RunRecord['actions'][number]['action']) => ({
      at: record.end.at,
      action,
      cause: 'timeline' as const,
    });
    const around = { world: 'loopback', actions: life } as const;
    expect(capacityOf(peer, 'upBytesPerSec', around)).toEqual({
      bytesPerSec: 100_000,
      burstBytes: 16_384,
    });
    const again = done({ type: 'restart', peer: peer.name, resume: 'trust' });
    const faster = done({ type: 'limit', peer: peer.name, upBytesPerSec: 400_000 });
    expect(
      capacityOf(peer, 'upBytesPerSec', { ...around, actions: [...life, again, faster] }),
    ).toEqual({ bytesPerSec: 400_000, burstBytes: 80_000 });
    const freed = done({ type: 'limit', peer: peer.name });
    expect(
      capacityOf(peer, 'upBytesPerSec', { ...around, actions: [...life, freed] }).bytesPerSec,
    ).toBe(Infinity);
    expect(capacityOf(peer, 'upBytesPerSec', { world: 'virtual', actions: life }).burstBytes).toBe(
      0,
    );
    const hasty = {
      ...peer,
      options: { upBytesPerSec: 50_000 },
      clock: { skewMs: 0, driftPpm: 5e5 },
    };
    expect(capacityOf(hasty, 'upBytesPerSec', { world: 'virtual', actions: life })).toEqual({
      bytesPerSec: 75_000,
      burstBytes: 16_384,
    });
  });

  it('is what the textbook says of a seed and its leechers', () => {
    const rate = fc.integer({ min: 1_000, max: 1e6 });
    return fc.assert(
      fc.asyncProperty(
        rate,
        rate,
        rate,
        fc.integer({ min: 1, max: 4 }),
        async (up, own, down, count) => {
          const record = await played({ up }, { count, link: { up: own, down } });
          const sec = Math.max(
            whole / (2 * up),
            whole / down,
            (count * whole) / (2 * up + count * own),
          );
          expect(boundOf(new Evidence(record))?.kumarRossSec).toBeCloseTo(sec, 9);
        },
      ),
      { numRuns: 20 },
    );
  });
});
