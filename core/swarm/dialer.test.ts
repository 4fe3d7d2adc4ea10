import { describe, expect, it } from 'vitest';
import { after, millis, seconds, start } from '../time.ts';
import { Dialer, maxCandidates } from './dialer.ts';

const options = { redialAfter: seconds(5), maxDials: 3 };
const one = { ip: '127.0.0.2', port: 6881 };
const two = { ip: '127.0.0.3', port: 6881 };

describe('Dialer', () => {
  it('hands out each address once while it is being dialled or connected', () => {
    const dialer = new Dialer(options);
    dialer.found(start, [one, two]);
    expect(dialer.take(start, 1)).toEqual([one]);
    expect(dialer.take(start, 9)).toEqual([two]);
    dialer.connected(one);
    dialer.found(start, [one, two]);
    expect(dialer.take(start, 9)).toEqual([]);
  });

  it('waits longer after each failure and then forgets, until the address is named again', () => {
    const dialer = new Dialer(options);
    dialer.found(start, [one]);
    let now = start;
    for (const wait of [seconds(5), seconds(10)]) {
      expect(dialer.take(now, 1)).toEqual([one]);
      dialer.ended(now, one);
      expect(dialer.take(after(now, millis(wait - 1)), 1)).toEqual([]);
      now = after(now, wait);
    }
    expect(dialer.take(now, 1)).toEqual([one]);
    dialer.ended(now, one);
    const later = after(now, seconds(1_000));
    expect(dialer.take(later, 1)).toEqual([]);
    dialer.found(later, [one]);
    expect(dialer.take(later, 1)).toEqual([one]);
  });

  it('never dials a forbidden address again, and a dismissed one only after it was reconsidered', () => {
    const dialer = new Dialer(options);
    dialer.found(start, [one, two]);
    dialer.forbid(one);
    dialer.dismiss(two);
    dialer.found(start, [one, two]);
    expect(dialer.take(start, 9)).toEqual([]);
    dialer.reconsider();
    dialer.found(start, [one, two]);
    expect(dialer.take(start, 9)).toEqual([two]);
  });

  it('remembers no more addresses than its limit, whoever names them', () => {
    const dialer = new Dialer(options);
    const flood = Array.from({ length: maxCandidates + 50 }, (_, i) => ({
      ip: '10.0.0.1',
      port: i + 1,
    }));
    dialer.found(start, flood);
    expect(dialer.take(start, Infinity)).toHaveLength(maxCandidates);
  });
});
