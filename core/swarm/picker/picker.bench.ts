/** Trap: the seed case is the easy one; the crowd, where few peers hold what is missing, is not. */
import { describe } from 'vitest';
import { randomBelow, randomStream } from '../../random.ts';
import { bench } from '../../testing/bench.ts';
import type { Instant } from '../../time.ts';
import { Bitfield } from '../../torrent/bitfield.ts';
import { ConnectionId, PieceIndex } from '../../torrent/ids.ts';
import { Pieces, blockBytes } from '../../torrent/pieces.ts';
import { Picker } from './picker.ts';

const pieceCount = 100_000;
const blocksPerPiece = 16;
const peerCount = 200;
const blocksPerRun = 10_000;

describe(`picker with ${pieceCount} pieces and ${peerCount} peers, ${blocksPerRun} blocks a run`, () => {
  // Made once: two hundred peers take longer to join than all that follows.
  const half = crowd(0.5);
  for (const [name, swarm] of [
    ['seeds', crowd(1)],
    ['peers with half of the pieces', half],
    ['peers with 0.1 % of the pieces', crowd(0.001)],
  ] as const)
    bench(`chooses and receives from ${name}`, () => {
      receive(swarm, blocksPerRun);
    });

  bench('hears 10,000 haves and as many losses', () => {
    for (let i = 0; i < blocksPerRun; i += 1) {
      const piece = PieceIndex(randomBelow(half.random, pieceCount));
      half.picker.peerGained(piece);
      half.picker.peerLost(ConnectionId(0), piece);
    }
  });

  bench('a peer with half of the pieces joins and leaves', () => {
    half.picker.peerJoined(ConnectionId(peerCount), half.held);
    half.picker.peerLeft(ConnectionId(peerCount), half.held);
  });
});

type Swarm = ReturnType<typeof crowd>;

function crowd(share: number) {
  const random = randomStream(1, 'bench');
  const length = pieceCount * blocksPerPiece * blockBytes;
  const pieces = new Pieces({ length, pieceLength: blocksPerPiece * blockBytes });
  const picker = new Picker({ pieces, random, policy: 'rarest-first', randomFirstPieces: 0 });
  const peers = Array.from({ length: peerCount }, (_, id) => {
    const has = share === 1 ? Bitfield.full(pieceCount) : partOf(share, random);
    picker.peerJoined(ConnectionId(id), has);
    return { conn: ConnectionId(id), has };
  });
  return { picker, peers, random, held: partOf(share, random), had: [] as PieceIndex[], now: 0 };
}

function partOf(share: number, random: () => number): Bitfield {
  const has = new Bitfield(pieceCount);
  for (let piece = 0; piece < pieceCount; piece += 1) if (random() < share) has.set(piece);
  return has;
}

/** Peers take turns to send 64 blocks each. Pieces had are lost again, to go on for ever. */
function receive(swarm: Swarm, count: number): void {
  for (let got = 0; got < count;) {
    const peer = swarm.peers[swarm.now % peerCount];
    if (peer === undefined) return;
    swarm.now += 1;
    got += receiveFrom(swarm, peer);
    if (swarm.had.length > pieceCount / 20)
      for (const piece of swarm.had.splice(0)) swarm.picker.lostPiece(piece);
  }
}

function receiveFrom(
  { picker, had, ...swarm }: Swarm,
  { conn, has }: Swarm['peers'][number],
): number {
  const wish = { has, count: 64, now: swarm.now as Instant, newPieces: Infinity };
  const blocks = picker.choose(conn, wish);
  for (const block of blocks) {
    if (!picker.arrived(conn, block, () => true).pieceDone) continue;
    picker.pieceVerified(block.piece);
    had.push(block.piece);
  }
  return blocks.length;
}
