import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  Conduct,
  maxBlocksUnasked,
  maxOffences,
  maxOffenders,
  maxRequestsInVain,
  Offenders,
} from './offences.ts';

describe('Conduct', () => {
  it('bears with a few blocks unasked, and with those that it gave up and may have asked for again', () => {
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 50 })), (given) => {
        const conduct = new Conduct();
        let spare = maxBlocksUnasked;
        for (const blocks of given) {
          conduct.gaveUp(blocks);
          spare += blocks;
        }
        for (; spare > 0; spare -= 1) expect(conduct.broughtUnasked()).toBe(true);
        expect(conduct.broughtUnasked()).toBe(false);
      }),
    );
  });

  it('loses patience with requests that are refused, and not with those that are served in between', () => {
    const flooding = new Conduct();
    const verdicts = Array.from({ length: maxRequestsInVain + 1 }, () => flooding.refused());
    expect(verdicts.indexOf(false)).toBe(maxRequestsInVain);
    const pushy = new Conduct();
    for (let i = 0; i < 3 * maxRequestsInVain; i += 1) {
      expect(pushy.refused()).toBe(true);
      pushy.served();
    }
  });
});

describe('Offenders', () => {
  it('count offences by address, and no other ends', () => {
    const offenders = new Offenders();
    for (let i = 1; i < maxOffences; i += 1)
      expect(offenders.ended('10.0.0.1', 'bad-length')).toBe(false);
    expect(offenders.ended('10.0.0.2', 'message-storm')).toBe(false);
    for (const reason of ['eof', 'silent', 'idle', 'too-many', 'handshake-timeout'] as const)
      expect(offenders.ended('10.0.0.1', reason)).toBe(false);
    expect(offenders.ended('10.0.0.1', 'block-flood')).toBe(true);
  });

  it('forget the oldest when there are too many', () => {
    const offenders = new Offenders();
    for (let i = 1; i < maxOffences; i += 1) offenders.ended('old', 'bad-length');
    for (let i = 0; i < maxOffenders; i += 1) offenders.ended(`${i}`, 'bad-length');
    expect(offenders.ended('old', 'bad-length')).toBe(false);
  });
});
