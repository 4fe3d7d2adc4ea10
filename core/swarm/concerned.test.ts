import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Concerned } from './concerned.ts';
import type { Peer } from './peer.ts';

type Plain = {
  readonly number: number;
  isGone: boolean;
  readonly wire: { peerInterested: boolean; amChoking: boolean };
};

const count = 6;
const change = fc.record({
  number: fc.nat(count - 1),
  field: fc.constantFrom('peerInterested', 'amChoking', 'isGone'),
  value: fc.boolean(),
});

describe('Concerned', () => {
  it('lists in the order in which they came just those who want something or hold a slot', () => {
    fc.assert(
      fc.property(fc.array(change), (changes) => {
        const concerned = new Concerned();
        const peers = Array.from({ length: count }, (_, number): Plain => ({
          number,
          isGone: false,
          wire: { peerInterested: false, amChoking: true },
        }));
        for (const { number, field, value } of changes) {
          const peer = peers[number] as Plain;
          if (field === 'isGone') peer.isGone ||= value;
          else peer.wire[field] = value;
          // It reads no more of a peer than there is here.
          concerned.review(peer as unknown as Peer);
          expect(concerned.peers).toEqual(
            peers.filter(({ isGone, wire }) => !isGone && (wire.peerInterested || !wire.amChoking)),
          );
        }
      }),
    );
  });
});
