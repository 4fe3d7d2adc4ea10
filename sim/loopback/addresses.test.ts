import { expect, it } from 'vitest';
import fc from 'fast-check';
import { Addresses, usualMode } from './addresses.ts';

it('gives every peer and the tracker an address of its own', () => {
  const addresses = new Addresses(peers([1, 2, 70_000]), { base: 256 });
  expect(addresses.trackerIp).toBe('127.16.1.0');
  expect(addresses.ipOf('peer-1')).toBe('127.16.1.1');
  expect(addresses.ipOf('peer-70000')).toBe('127.17.18.112');
  expect(addresses.nameAt('127.16.1.2')).toBe('peer-2');
  expect(addresses.nameAt('127.16.1.3')).toBeUndefined();
  expect([addresses.has('127.16.1.0'), addresses.has('127.16.1.3')]).toEqual([true, false]);
});

it('finds the name of every address it gave', () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.integer({ min: 1, max: 14_000_000 }), { maxLength: 50 }),
      fc.nat(14_680_063),
      (numbers, base) => {
        const addresses = new Addresses(peers(numbers), { base });
        for (const { name } of peers(numbers))
          expect(addresses.nameAt(addresses.ipOf(name))).toBe(name);
      },
    ),
  );
});

it('refuses two peers on one address', () => {
  expect(() => new Addresses(peers([5, 5 + 224 * 65_536]))).toThrow(
    'peer-14680069 and peer-5 share',
  );
});

it('refuses a name that is not in the plan', () => {
  expect(() => new Addresses([]).ipOf('stranger-0')).toThrow('no peer is called stranger-0');
});

it('puts everybody on 127.0.0.1 where there is nothing else', () => {
  const addresses = new Addresses(peers([1, 2]), { mode: 'shared' });
  expect(addresses.ipOf('peer-1')).toBe(addresses.ipOf('peer-2'));
  expect(addresses.nameAt('127.0.0.1')).toBeUndefined();
});

it('knows which systems have only the one', () => {
  expect([usualMode('linux'), usualMode('win32')]).toEqual(['own', 'own']);
  expect([usualMode('darwin'), usualMode('freebsd')]).toEqual(['shared', 'shared']);
});

const peers = (numbers: readonly number[]): { readonly name: string; readonly number: number }[] =>
  numbers.map((number) => ({ name: `peer-${number}`, number }));
