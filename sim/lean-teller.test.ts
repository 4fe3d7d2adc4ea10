import { expect, it } from 'vitest';
import type { SwarmEvent } from '../core/swarm/event.ts';
import { InfoHash, PeerId, PieceIndex } from '../core/torrent/ids.ts';
import { LeanTeller } from './lean-teller.ts';

const infoHash = InfoHash('a'.repeat(40));
const opened: SwarmEvent = {
  ...{ infoHash, type: 'opened', source: 'resume' },
  ...{ have: '80', piecesHave: 1, pieceCount: 3 },
};
const announced = (piece: number): SwarmEvent => ({
  ...{ infoHash, type: 'have-announced', piece: PieceIndex(piece) },
});
const verified: SwarmEvent = {
  ...{ infoHash, type: 'piece-verified', piece: PieceIndex(1), piecesHave: 2 },
};
const served: SwarmEvent = {
  ...{ infoHash, type: 'served', piece: PieceIndex(0), begin: 0, length: 16_384 },
  peerId: PeerId('b'.repeat(40)),
};

it('keeps claims that hold to itself and counts them, and passes on those that do not', () => {
  const teller = new LeanTeller();
  const told = [opened, announced(0), announced(1), verified, announced(1), served, announced(2)];
  expect(told.map((event) => teller.passes(event))).toEqual([
    ...[true, false, true, true, false, false, true],
  ]);
  expect(teller.held).toBe(3);
});

it('knows torrents apart', () => {
  const teller = new LeanTeller();
  teller.passes(opened);
  expect(teller.passes({ ...announced(0), infoHash: InfoHash('c'.repeat(40)) })).toBe(true);
});

it('tells nothing that no lean record keeps', () => {
  const wasted: SwarmEvent = { infoHash, type: 'wasted', bytes: 16_384, why: 'duplicate' };
  expect(new LeanTeller().passes(wasted)).toBe(false);
  expect(new LeanTeller().passes({ infoHash, type: 'completed' })).toBe(true);
});
