import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseBytes, parseDuration, parseRate } from './quantity.ts';

describe('quantities', () => {
  it.each([
    [parseDuration('500ms'), 500],
    [parseDuration('10s'), 10_000],
    [parseDuration('1.5 min'), 90_000],
    [parseDuration('2h'), 7_200_000],
    [parseDuration(250), 250],
    [parseBytes('16KiB'), 16_384],
    [parseBytes('4 MB'), 4_000_000],
    [parseBytes('1.5GiB'), 1_610_612_736],
    [parseRate('2MB/s'), 2_000_000],
    [parseRate('10Mbit/s'), 1_250_000],
    [parseRate('100 kbit/s'), 12_500],
  ])('reads what people write (%#)', (parsed, value) => {
    expect(parsed).toBe(value);
  });

  it.each(['', '10', 's', '-1s', '10 parsec', '1e3s', '10s ago', 'NaNs', '99999999999999999999h'])(
    'refuses %j as a length of time',
    (text) => {
      expect(parseDuration(text)).toBeUndefined();
    },
  );

  it('does not mix up kinds', () => {
    expect(parseDuration('10MB')).toBeUndefined();
    expect(parseBytes('10s')).toBeUndefined();
    expect(parseRate('10MB')).toBeUndefined();
    expect(parseBytes(-1)).toBeUndefined();
    expect(parseBytes(Infinity)).toBeUndefined();
  });

  it('gives whole, safe numbers or nothing, whatever the text', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.double()), (written) => {
        for (const parsed of [parseDuration(written), parseBytes(written), parseRate(written)]) {
          expect(parsed === undefined || (Number.isSafeInteger(parsed) && parsed >= 0)).toBe(true);
        }
      }),
    );
  });
});
