import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Blame, SmartBan } from './bans.ts';

describe('SmartBan', () => {
  it('bans every peer whose block differs from the piece that passed, and no other', () => {
    const sender = fc.constantFrom('honest 1', 'honest 2', 'honest 3', 'liar 1', 'liar 2');
    const block = fc.record({ peer: sender, lies: fc.boolean(), lie: fc.nat({ max: 2 }) });
    const failure = fc.array(block, { minLength: 4, maxLength: 4 });
    fc.assert(
      fc.property(fc.array(failure, { maxLength: 8 }), (failures) => {
        const bans = new SmartBan();
        const banned = new Set<string>();
        const lied = new Set<string>();
        for (const blocks of failures) {
          const blames = blocks.map(({ peer, lies, lie }, i): Blame => {
            const isLie = lies && peer.startsWith('liar');
            return { peer, begin: i, digest: isLie ? `lie ${lie}` : truth(i) };
          });
          // A piece fails only if one of its blocks is bad.
          const liars = blames.filter(({ begin, digest }) => digest !== truth(begin));
          if (liars.length === 0) continue;
          for (const { peer } of liars) lied.add(peer);
          for (const peer of bans.blame(7, blames)) banned.add(peer);
        }
        const digests = new Map([0, 1, 2, 3].map((i) => [i, truth(i)]));
        for (const peer of bans.settle(7, digests)) banned.add(peer);
        expect(banned).toEqual(lied);
        expect(bans.size).toBe(0);
      }),
    );
  });

  it('bans the only sender of a failed piece at once', () => {
    const bans = new SmartBan();
    expect(bans.blame(0, [blame('a', 0), blame('a', 1)])).toEqual(['a']);
    expect(bans.isBlamed(0)).toBe(false);
  });

  it('does not take for the only sender one beside whom somebody was forgotten', () => {
    const bans = new SmartBan();
    const forgotten = { peer: undefined, begin: 1, digest: 'a lie' };
    const honest = { peer: 'a', begin: 0, digest: truth(0) };
    expect(bans.blame(0, [honest, forgotten])).toEqual([]);
    expect(bans.blame(0, [honest, { ...honest, begin: 1, digest: undefined }])).toEqual(['a']);
    expect(bans.blame(1, [forgotten])).toEqual([]);
    expect(bans.settle(0, new Map([[0, truth(0)]]))).toEqual([]);
  });

  it('keeps pieces apart, and blames of one piece together', () => {
    const bans = new SmartBan();
    bans.blame(0, [blame('a', 0), blame('b', 1)]);
    bans.blame(1, [blame('c', 0), blame('d', 1)]);
    bans.blame(0, [blame('e', 0), blame('b', 1)]);
    expect(bans.settle(0, new Map([[0, 'true']]))).toEqual(['a', 'e']);
    expect([bans.isBlamed(0), bans.isBlamed(1)]).toEqual([false, true]);
  });

  it('bans nobody for a block whose digest it is not told', () => {
    const bans = new SmartBan();
    bans.blame(0, [blame('a', 0), blame('b', 1)]);
    expect(bans.settle(0, new Map())).toEqual([]);
  });

  it('forgets the piece that failed longest ago when there are too many blames', () => {
    const bans = new SmartBan(4);
    bans.blame(0, [blame('a', 0), blame('b', 1)]);
    bans.blame(1, [blame('a', 0), blame('b', 1)]);
    bans.blame(0, [blame('a', 0), blame('b', 1)]);
    bans.blame(2, [blame('a', 0), blame('b', 1)]);
    expect([0, 1, 2].map((piece) => bans.isBlamed(piece))).toEqual([true, false, true]);
    expect(bans.size).toBe(4);
  });

  it('has nothing to say about a piece that never failed, or that nobody sent', () => {
    const bans = new SmartBan();
    expect(bans.settle(0, new Map([[0, 'true']]))).toEqual([]);
    expect(bans.blame(0, [])).toEqual([]);
    expect(bans.isBlamed(0)).toBe(false);
  });
});

const truth = (begin: number): string => `true ${begin}`;

const blame = (peer: string, begin: number): Blame => ({ peer, begin, digest: `lie of ${peer}` });
