import { expect, it } from 'vitest';
import { randomStream } from '../core/random.ts';
import { Spoiler } from './spoiler.ts';

const block = Uint8Array.from({ length: 16 }, (_, i) => i);

it('passes blocks on as they are until it is told otherwise', () => {
  const spoiler = new Spoiler('never', randomStream(1, 'x'));
  expect(spoiler.pass(block)).toBe(block);
  spoiler.set('always');
  expect(spoiler.pass(block)).not.toEqual(block);
  spoiler.set('never');
  expect(spoiler.pass(block)).toBe(block);
});

it('spoils a copy: what is served to others stays right', () => {
  const before = block.slice();
  const spoilt = new Spoiler('always', randomStream(1, 'x')).pass(block);
  expect(block).toEqual(before);
  expect(spoilt).toHaveLength(block.length);
});

it('spoils one in so many, the same ones for the same seed', () => {
  const hits = (seed: number): readonly boolean[] => {
    const spoiler = new Spoiler({ oneIn: 5 }, randomStream(seed, 'x'));
    return Array.from({ length: 1_000 }, () => spoiler.pass(block) !== block);
  };
  const count = hits(1).filter(Boolean).length;
  expect(count).toBeGreaterThan(150);
  expect(count).toBeLessThan(250);
  expect(hits(1)).toEqual(hits(1));
  expect(hits(1)).not.toEqual(hits(2));
});
