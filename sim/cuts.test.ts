import { expect, it } from 'vitest';
import { Cuts, opposite } from './cuts.ts';

it('cuts both sides off from each other, and nobody from their own', () => {
  const cuts = new Cuts();
  cuts.cut([['a', 'b'], ['c']]);
  expect(cuts.from('a')).toEqual(['c']);
  expect(cuts.from('c')).toEqual(['a', 'b']);
  expect(cuts.from('d')).toEqual([]);
});

it('cuts one way from the first side to the second alone', () => {
  const cuts = new Cuts();
  cuts.cut(
    [
      ['a', 'b'],
      ['b', 'c'],
    ],
    true,
  );
  expect(cuts.from('a')).toEqual(['b', 'c']);
  expect(cuts.from('b')).toEqual(['c']);
  expect(cuts.from('c')).toEqual([]);
  cuts.heal([
    ['a', 'b'],
    ['b', 'c'],
  ]);
  expect(cuts.from('a')).toEqual([]);
});

it('heals one cut where two lie over each other, or all of them', () => {
  const cuts = new Cuts();
  cuts.cut([['a'], ['b', 'c']]);
  cuts.cut([['a'], ['c']]);
  cuts.heal([['a'], ['b', 'c']]);
  expect(cuts.from('a')).toEqual(['c']);
  cuts.cut([['d'], ['e']]);
  cuts.heal(undefined);
  expect([...cuts.from('a'), ...cuts.from('d')]).toEqual([]);
});

it('does not cut a peer off from itself', () => {
  expect(
    opposite(
      [
        ['a', 'b'],
        ['b', 'c'],
      ],
      'b',
    ),
  ).toEqual(['c', 'a']);
});
