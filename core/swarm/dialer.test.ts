import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Instant, after, millis, minutes, seconds, start } from '../time.ts';
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

  it('calls somebody who hangs up on it ever more seldom, whoever names him, and never gives him up', () => {
    const dialer = new Dialer(options);
    dialer.found(start, [one]);
    const dials: number[] = [];
    for (let now = start; now < minutes(60); now = after(now, seconds(1))) {
      dialer.found(now, [one]);
      for (const address of dialer.take(now, 1)) {
        dials.push(now);
        dialer.refused(now, address);
      }
    }
    const waits = dials.slice(1).map((at, i) => (at - (dials[i] ?? 0)) / 1_000);
    expect(waits.slice(0, 8)).toEqual([5, 10, 20, 40, 80, 160, 320, 320]);
    expect(dials).toHaveLength(17);
  });

  it('dials whoever has not been tried before it tries anybody again', () => {
    const dialer = new Dialer(options);
    dialer.found(start, [one]);
    dialer.take(start, 1);
    dialer.refused(start, one);
    dialer.found(start, [two]);
    const later = after(start, seconds(5));
    expect(dialer.take(later, 1)).toEqual([two]);
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

  it('misses nobody by not looking again before somebody can be due', () => {
    const addresses = [1, 2, 3].map((port) => ({ ip: '10.0.0.1', port }));
    const step = fc.record({
      waitMs: fc.nat(12_000),
      what: fc.constantFrom('found', 'connected', 'ended', 'refused', 'dismiss', 'reconsider'),
      address: fc.constantFrom(...addresses),
      count: fc.nat(3),
    });
    type Step = typeof step extends fc.Arbitrary<infer Drawn> ? Drawn : never;
    const tell = (dialer: Dialer, now: Instant, { what, address }: Step): void => {
      if (what === 'found') dialer.found(now, [address]);
      else if (what === 'ended' || what === 'refused') dialer[what](now, address);
      else if (what === 'reconsider') dialer.reconsider();
      else dialer[what](address);
    };
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        // The second is asked only when the first had an answer.
        const [asked, spared] = [new Dialer(options), new Dialer(options)];
        let now = start;
        for (const each of steps) {
          now = after(now, millis(each.waitMs));
          tell(asked, now, each);
          tell(spared, now, each);
          const taken = asked.take(now, each.count);
          if (taken.length > 0) expect(spared.take(now, each.count)).toEqual(taken);
        }
        expect(asked.take(now, 9)).toEqual(spared.take(now, 9));
      }),
    );
  });
});
