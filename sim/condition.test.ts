import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Instant } from '../core/time.ts';
import { type Condition, holds, isMistake, parseCondition } from './condition.ts';
import type { Observation, PeerObservation } from './world.ts';

const roles = new Map([
  ['seeder', 2],
  ['leecher', 3],
  ['late-joiner', 1],
]);

describe('a condition', () => {
  it.each([
    ['leechers at 50 %', 'all', { type: 'share', share: 0.5 }],
    ['leecher at 12.5%', 'all', { type: 'share', share: 0.125 }],
    ['seeder-1 sent 10 MiB', 'all', { type: 'sent', bytes: 10_485_760 }],
    ['any leecher received 1MB', 'any', { type: 'received', bytes: 1_000_000 }],
    ['late-joiner completed', 'all', { type: 'completed' }],
    ['any seeder left', 'any', { type: 'left' }],
  ])('reads %j', (text, quantifier, reached) => {
    expect(parseCondition(text, roles)).toMatchObject({ quantifier, reached });
  });

  it.each([
    ['leechers', 0, 'reads like'],
    ['leachers at 50 %', 0, `did you mean 'leecher'?`],
    ['leechers is 50 %', 9, `no such verb: 'is'`],
    ['leechers at 101 %', 12, 'no share'],
    ['leechers at half', 12, 'no share'],
    ['seeder-2 sent 1MiB', 0, 'seeder has 2 members (from 0)'],
    ['seeder-1  sent  much', 16, 'no size'],
    ['any leecher completed now', 22, 'nothing may follow'],
    ['  seeder-9 left', 2, 'seeder has 2 members'],
  ])('says what is wrong with %j, and where', (text, offset, what) => {
    expect(parseCondition(text, roles)).toEqual({
      offset,
      what: expect.stringContaining(what) as string,
    });
  });

  it('is never anything but a condition or a mistake, whatever the text', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const parsed = parseCondition(text, roles);
        expect(isMistake(parsed) || parsed.peers.length > 0).toBe(true);
      }),
    );
  });

  it('counts members that have yet to join as having nothing', () => {
    const half = seen({ 'leecher-0': { piecesHave: 10 }, 'leecher-1': { piecesHave: 4 } });
    expect(holds(condition('leechers at 46 %'), half)).toBe(true);
    expect(holds(condition('leechers at 47 %'), half)).toBe(false);
    expect(holds(condition('leechers completed'), half)).toBe(false);
    expect(holds(condition('leechers joined'), half)).toBe(false);
  });

  it('adds up what a group moved, and asks each for completion', () => {
    const now = seen({
      'seeder-0': { bytesUp: 600, isUp: false },
      'seeder-1': { bytesUp: 400 },
      'leecher-0': { bytesDown: 900, isComplete: true },
    });
    expect(holds(condition('seeders sent 1000 B'), now)).toBe(true);
    expect(holds(condition('seeders sent 1001 B'), now)).toBe(false);
    expect(holds(condition('any seeder sent 601 B'), now)).toBe(false);
    expect(holds(condition('leecher-0 received 900 B'), now)).toBe(true);
    expect(holds(condition('leecher-0 completed'), now)).toBe(true);
    expect(holds(condition('any leecher completed'), now)).toBe(true);
    expect(holds(condition('seeder-0 left'), now)).toBe(true);
    expect(holds(condition('seeders left'), now)).toBe(false);
    expect(holds(condition('seeders joined'), now)).toBe(true);
  });

  it('holds nothing of nobody', () => {
    const empty: Condition = {
      text: '',
      peers: [],
      quantifier: 'all',
      reached: { type: 'completed' },
    };
    expect(holds(empty, seen({}))).toBe(false);
    expect(holds(condition('leechers at 0 %'), seen({}))).toBe(false);
  });
});

function condition(text: string): Condition {
  const parsed = parseCondition(text, roles);
  if (isMistake(parsed)) throw new Error(parsed.what);
  return parsed;
}

function seen(peers: Readonly<Record<string, Partial<PeerObservation>>>): Observation {
  const entries = Object.entries(peers).map(([name, peer]): [string, PeerObservation] => [
    name,
    { ...still, ...peer },
  ]);
  return { at: 0 as Instant, peers: new Map(entries), tracker: undefined };
}

const still = {
  role: 'leecher',
  isUp: true,
  address: undefined,
  piecesHave: 0,
  pieceCount: 10,
  isComplete: false,
  bytesDown: 0,
  bytesUp: 0,
  bytesWasted: 0,
  downBytesPerSec: 0,
  upBytesPerSec: 0,
  connections: 0,
} as PeerObservation;
