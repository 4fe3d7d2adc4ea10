import fc from 'fast-check';
import { expect, it } from 'vitest';
import { concatBytes } from '../../core/bytes/utf8.ts';
import { InfoHash, PeerId } from '../../core/torrent/ids.ts';
import { cutAt, saying } from '../../core/testing/wire-arbitraries.ts';
import { type Saying, encodeSaying } from '../../core/wire/saying.ts';
import { Tap } from './tap.ts';

const handshake: Saying = {
  type: 'handshake',
  handshake: {
    infoHash: InfoHash('a'.repeat(40)),
    peerId: PeerId('b'.repeat(40)),
    reserved: new Uint8Array(8),
  },
};

/** As the tap tells it; payloads are views there. */
const plainly = (sayings: readonly Saying[]): unknown =>
  sayings.map((said) =>
    Object.fromEntries(
      Object.entries(said).map(([key, value]: [string, unknown]) => [
        key,
        value instanceof Uint8Array ? [...value] : value,
      ]),
    ),
  );

it('reads what the core writes, however long it is and wherever it is cut', () => {
  const conversation = fc.array(saying.filter(({ type }) => type !== 'handshake'));
  fc.assert(
    fc.property(conversation, fc.array(fc.nat()), (said, cuts) => {
      const whole = [handshake, ...said];
      const tap = new Tap();
      const read = cutAt(concatBytes(...whole.map(encodeSaying)), cuts).flatMap((part) =>
        tap.read(part),
      );
      // An unknown message may have been drawn with the number of a known one: what is read must come out as the same bytes.
      expect(concatBytes(...read.map(encodeSaying))).toEqual(
        concatBytes(...whole.map(encodeSaying)),
      );
      const known = ({ type }: Saying): boolean => type !== 'unknown';
      const told = read.filter((_, i) => known(whole[i] ?? handshake));
      expect(plainly(told)).toEqual(plainly(whole.filter(known)));
    }),
  );
});
