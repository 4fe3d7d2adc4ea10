import { describe, expect, it } from 'vitest';
import type { Saying } from '../wire/saying.ts';
import { FakeSwarm } from '../testing/fake-swarm.ts';
import { PeerId, PieceIndex } from '../torrent/ids.ts';
import { reservedBits } from '../wire/handshake.ts';

describe('Connections', () => {
  it('listens no more to whom it has sent away, though he has said all in one breath', () => {
    const swarm = new FakeSwarm({ bytes: 100_000, pieceLength: 65_536, seed: 1, form: 'values' });
    const seed = swarm.join({ has: 'all' });
    const call = (port: number, sayings: readonly Saying[]): void => {
      const conn = seed.newConnection();
      seed.feed({ type: 'called', conn, address: { ip: '10.0.0.9', port } });
      seed.feed({ type: 'heard', conn, sayings: [handshakeOf(swarm), ...sayings] });
    };
    call(1, []);
    // The second is a twin of the first, and its last word breaks the rules.
    const have: Saying = { type: 'have', piece: PieceIndex(0) };
    call(2, [have, { type: 'have', piece: PieceIndex(99) }]);
    expect(seed.of('connected')).toHaveLength(1);
    expect(seed.availability).toEqual([0, 0]);
  });
});

const handshakeOf = ({ infoHash }: FakeSwarm): Saying => ({
  type: 'handshake',
  handshake: {
    infoHash,
    peerId: PeerId('9'.repeat(40)),
    reserved: reservedBits({ fast: true, extension: true }),
  },
});
