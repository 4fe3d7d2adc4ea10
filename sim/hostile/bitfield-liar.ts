/** Says that it has everything, has nothing, and lets every request lie. */
import { Bitfield } from '../../core/torrent/bitfield.ts';
import type { Trick } from './trick.ts';

export const bitfieldLiar = (): Trick => ({
  said: (saying) => {
    switch (saying.type) {
      // What it truly has is said at most in a bitfield; whoever has nothing may say nothing at all (BEP 3).
      case 'have-none':
      case 'bitfield':
      case 'reject':
      case 'piece':
        return [];
      default:
        return [saying];
    }
  },
  opened: (line) => {
    line.say({ type: 'bitfield', bits: Bitfield.full(line.pieces.count).toBytes() });
  },
});
