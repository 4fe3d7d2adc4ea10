import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { randomStream } from '../../random.ts';
import { pickerCommands } from '../../testing/picker-commands.ts';
import { PickerModel } from '../../testing/picker-model.ts';
import type { Instant } from '../../time.ts';
import { Bitfield } from '../../torrent/bitfield.ts';
import { ConnectionId, PieceIndex } from '../../torrent/ids.ts';
import { type BlockRef, Pieces, blockBytes } from '../../torrent/pieces.ts';
import { SmartBan } from '../bans.ts';
import { Picker, type PickerOptions } from './picker.ts';

/** Model runs take about a second; a machine under load must not fail them. */
const slowMachineMs = 120_000;

describe('Picker', () => {
  it(
    'does what plain sets would do, and can always be completed by a seed',
    () => {
      const geometry = fc.record({
        count: fc.integer({ min: 1, max: 7 }),
        blocks: fc.integer({ min: 1, max: 4 }),
        seed: fc.integer(),
      });
      const cases = geometry.chain(({ count, ...rest }) =>
        fc.record({
          pieces: fc.constant(geometryOf(count, rest.blocks)),
          seed: fc.constant(rest.seed),
          commands: fc.commands(pickerCommands(count), { maxCommands: 100, size: 'max' }),
        }),
      );
      fc.assert(
        fc.property(cases, ({ pieces, seed, commands }) => {
          const picker = pickerOf({ pieces, random: randomStream(seed, 'picker') });
          const model = new PickerModel(pieces);
          const real = { picker, now: 0, nextConn: 0 };
          fc.modelRun(() => ({ model, real }), commands);
          for (const conn of model.peers.keys()) picker.choked(conn);
          completeFromSeed(picker, pieces, ConnectionId(real.nextConn));
          expect(picker.isComplete).toBe(true);
          expect([picker.begunPieces, picker.begunBytes]).toEqual([0, 0]);
        }),
        { numRuns: 100 },
      );
    },
    slowMachineMs,
  );

  it('makes the same choices again with the same seed, and others with another', () => {
    const choicesOf = (seed: number): PieceIndex[] => {
      const picker = pickerOf({ pieces: geometryOf(64, 1), random: randomStream(seed, 'picker') });
      return picker.choose(joined(picker, full(64)), wish(full(64), 8)).map(({ piece }) => piece);
    };
    expect(choicesOf(1)).toEqual(choicesOf(1));
    expect(choicesOf(1)).not.toEqual(choicesOf(2));
  });

  it('takes equally rare pieces with equal chances', () => {
    const random = randomStream(7, 'picker');
    const taken = Array.from({ length: 5 }, () => 0);
    for (let run = 0; run < 5_000; run += 1) {
      const picker = pickerOf({ pieces: geometryOf(5, 1), random });
      for (let i = 0; i < 5; i += 1) joined(picker, bits(5, [i]), i);
      const conn = joined(picker, full(5), 9);
      const [block] = picker.choose(conn, wish(full(5), 1));
      taken[block?.piece ?? 0] = (taken[block?.piece ?? 0] ?? 0) + 1;
    }
    for (const times of taken) expect(Math.abs(times - 1_000)).toBeLessThan(150);
  });

  it('asks seeds for what only they have, and for the rest of begun pieces when there is no more of that', () => {
    const picker = pickerOf({ pieces: geometryOf(4, 2), random: randomStream(7, 'picker') });
    const leecher = joined(picker, bits(4, [1]), 1);
    expect(picker.choose(leecher, wish(bits(4, [1]), 1))).toMatchObject([{ piece: 1, begin: 0 }]);
    const seed = joined(picker, full(4), 2);
    const asked = picker.choose(seed, wish(full(4), 8)).map(({ piece }) => piece);
    expect(asked.slice(0, 6).toSorted((a, b) => a - b)).toEqual([0, 0, 2, 2, 3, 3]);
    expect(asked.slice(6)).toEqual([1]);
  });

  it('begins random pieces until it has enough to trade, and the rarest from then on', () => {
    const firsts = new Set<number>();
    for (let seed = 0; seed < 20; seed += 1) {
      const random = randomStream(seed, 'picker');
      const picker = pickerOf({ pieces: geometryOf(10, 1), random, randomFirstPieces: 2 });
      const conn = joined(picker, full(10), 0);
      joined(picker, bits(10, [0, 1, 2, 3, 4, 5, 6, 7, 8]), 1);
      firsts.add(nextPiece(picker, conn, 10));
      if (picker.missing === 9) nextPiece(picker, conn, 10);
      const third = nextPiece(picker, conn, 10);
      expect(picker.missing).toBe(7);
      if (!firsts.has(9)) expect(picker.choose(conn, wish(full(10), 1))).not.toContain(third);
    }
    expect(firsts.size).toBeGreaterThan(5);
  });

  it('goes from front to back in sequential mode, but for priorities', () => {
    const picker = pickerOf({ pieces: geometryOf(6, 1), policy: 'sequential' });
    picker.setPriority(PieceIndex(4), 7);
    picker.setPriority(PieceIndex(1), 0);
    const conn = joined(picker, full(6));
    const picks = picker.choose(conn, wish(full(6), 10));
    expect(picks.map(({ piece }) => piece)).toEqual([4, 0, 2, 3, 5]);
  });

  it('takes pieces in random order whatever their availability in random mode', () => {
    const firsts = new Set<number>();
    for (let seed = 0; seed < 40; seed += 1) {
      const random = randomStream(seed, 'picker');
      const picker = pickerOf({ pieces: geometryOf(4, 1), policy: 'random', random });
      joined(picker, bits(4, [0, 1, 2]), 1);
      firsts.add(nextPiece(picker, joined(picker, full(4)), 4));
    }
    expect(firsts).toEqual(new Set([0, 1, 2, 3]));
  });

  it('asks an idle peer, in the end game, for one block: that which will come last', () => {
    const picker = pickerOf({ pieces: geometryOf(2, 4), endgame: true });
    const busy = joined(picker, full(2), 0);
    const idle = joined(picker, full(2), 1);
    const asked = picker.choose(busy, wish(full(2), 8));
    expect(asked.length).toBe(8);
    expect(picker.choose(idle, wish(full(2), 8))).toEqual(asked.slice(-1));
    expect(picker.choose(idle, wish(full(2), 8))).toEqual([]);
  });

  it('asks others for what a frozen peer owes, and still takes it from the frozen one', () => {
    const picker = pickerOf({ pieces: geometryOf(1, 2), endgame: false });
    const frozen = joined(picker, full(1), 0);
    const other = joined(picker, full(1), 1);
    const owed = picker.choose(frozen, wish(full(1), 2, 10));
    expect(picker.choose(other, wish(full(1), 2, 11))).toEqual([]);
    expect(picker.expire(frozen, 10 as Instant)).toEqual([]);
    expect(picker.expire(frozen, 11 as Instant)).toEqual(owed);
    expect(picker.choose(other, wish(full(1), 2, 12))).toEqual(owed);
    const late = picker.arrived(frozen, owed[0] as BlockRef, always);
    expect(late).toEqual({ wanted: true, asked: true, alsoAsked: [other], pieceDone: false });
  });

  it('begins no piece for a late block when there is no room for another', () => {
    const picker = pickerOf({ pieces: geometryOf(2, 1), endgame: false });
    const conn = joined(picker, full(2), 0);
    const [early, late] = picker.choose(conn, wish(full(2), 2, 10));
    picker.expire(conn, 11 as Instant);
    expect(picker.begunPieces).toBe(0);
    const arrival = picker.arrived(conn, early as BlockRef, () => false);
    expect(arrival).toMatchObject({ wanted: false, asked: true });
    expect(picker.begunPieces).toBe(0);
    expect(picker.arrived(conn, late as BlockRef, always).wanted).toBe(true);
    expect(picker.begunPieces).toBe(1);
  });

  it('remembers no more than 1,024 given-up requests of one peer', () => {
    const picker = pickerOf({ pieces: geometryOf(1_025, 1), policy: 'sequential' });
    const conn = joined(picker, full(1_025));
    const asked = picker.choose(conn, wish(full(1_025), 2_000));
    picker.choked(conn);
    expect(picker.arrived(conn, asked[0] as BlockRef, always).asked).toBe(false);
    expect(picker.arrived(conn, asked[1] as BlockRef, always)).toMatchObject({ wanted: true });
  });

  it('refuses blocks that are cut otherwise than it asked, and stays able to take the right one', () => {
    const picker = pickerOf({ pieces: geometryOf(2, 2) });
    const conn = joined(picker, full(2));
    const [block] = picker.choose(conn, wish(full(2), 4));
    const asked = block as BlockRef;
    const wrong: Partial<BlockRef>[] = [
      { begin: 1 },
      { begin: 2 * blockBytes },
      { length: blockBytes - 1 },
      { length: 0 },
      { piece: PieceIndex(2) },
    ];
    for (const change of wrong)
      expect(picker.arrived(conn, { ...asked, ...change }, always).asked).toBe(false);
    expect(picker.arrived(conn, asked, always).wanted).toBe(true);
  });

  it('finds a piece as soon as a peer that had nothing to offer gains one', () => {
    const picker = pickerOf({ pieces: geometryOf(4, 1) });
    const has = bits(4, []);
    const conn = joined(picker, has);
    expect(picker.choose(conn, wish(has, 1))).toEqual([]);
    has.set(PieceIndex(2));
    picker.peerGained(PieceIndex(2));
    expect(picker.choose(conn, wish(has, 1))).toHaveLength(1);
  });

  it('starts from what is on the disk, with rarest first at once if that is enough', () => {
    const picker = pickerOf({ pieces: geometryOf(40, 1), randomFirstPieces: 4 });
    picker.setHave(bits(40, [0, 1, 2, 3, 4]));
    expect(picker.missing).toBe(35);
    joined(
      picker,
      bits(
        40,
        Array.from({ length: 39 }, (_, i) => i),
      ),
      1,
    );
    expect(nextPiece(picker, joined(picker, full(40), 2), 40)).toBe(39);
  });

  it('throws when somebody chooses for a connection that never joined', () => {
    const picker = pickerOf({ pieces: geometryOf(1, 1) });
    expect(() => picker.choose(ConnectionId(5), wish(full(1), 1))).toThrow(RangeError);
  });

  it('with the bans, rids the swarm of exactly the liar, however the blocks are mixed', () => {
    const cases = fc.record({ seed: fc.integer(), lies: fc.integer({ min: 1, max: 8 }) });
    fc.assert(
      fc.property(cases, ({ seed, lies }) => {
        const random = randomStream(seed, 'test');
        const pieces = geometryOf(6, 8);
        const picker = pickerOf({ pieces, random });
        const banned = downloadFromFour(
          picker,
          pieces,
          (conn) => conn === 2 && random() < lies / 8,
        );
        expect(picker.isComplete).toBe(true);
        expect([...banned].filter((peer) => peer !== '2')).toEqual([]);
      }),
    );
  });
});

/** Four peers take turns at one block each; returns who was banned. A liar who lied is banned. */
function downloadFromFour(
  picker: Picker,
  pieces: Pieces,
  lies: (conn: number) => boolean,
): Set<string> {
  const bans = new SmartBan();
  const banned = new Set<string>();
  const lied = new Map<string, string>();
  let hasLied = false;
  const conns = [0, 1, 2, 3].map((id) => joined(picker, full(pieces.count), id));
  const digestOf = (block: BlockRef): string => lied.get(`${block.piece} ${block.begin}`) ?? 'true';
  for (let turn = 0; turn < 10_000 && !picker.isComplete; turn += 1) {
    const conn = conns[turn % 4] as ConnectionId;
    if (banned.has(String(conn))) continue;
    for (const block of picker.choose(conn, wish(full(pieces.count), 1))) {
      lied.delete(`${block.piece} ${block.begin}`);
      if (lies(conn)) {
        lied.set(`${block.piece} ${block.begin}`, `lie ${turn}`);
        hasLied = true;
      }
      if (!picker.arrived(conn, block, always).pieceDone) continue;
      const senders = picker.sendersOf(block.piece).map((sent) => ({
        peer: String(sent.conn),
        begin: sent.block.begin,
        digest: digestOf(sent.block),
      }));
      const isGood = senders.every(({ digest }) => digest === 'true');
      const digests = new Map(senders.map(({ begin, digest }) => [begin, digest]));
      const liars = isGood ? bans.settle(block.piece, digests) : bans.blame(block.piece, senders);
      if (isGood) picker.pieceVerified(block.piece);
      else picker.pieceFailed(block.piece);
      for (const liar of liars) {
        banned.add(liar);
        picker.peerLeft(ConnectionId(Number(liar)), full(pieces.count));
      }
    }
  }
  expect(banned.has('2')).toBe(hasLied);
  return banned;
}

function completeFromSeed(picker: Picker, pieces: Pieces, seed: ConnectionId): void {
  const has = full(pieces.count);
  picker.peerJoined(seed, has);
  for (let piece = 0; piece < pieces.count; piece += 1)
    if (picker.sendersOf(PieceIndex(piece)).length === pieces.blockCount(PieceIndex(piece)))
      picker.pieceVerified(PieceIndex(piece));
  for (let round = 0; round < 100 && !picker.isComplete; round += 1)
    for (const block of picker.choose(seed, wish(has, 3, Number.MAX_SAFE_INTEGER)))
      if (picker.arrived(seed, block, always).pieceDone) picker.pieceVerified(block.piece);
}

/** Downloads one whole piece of one block. */
function nextPiece(picker: Picker, conn: ConnectionId, pieceCount: number): PieceIndex {
  const [block] = picker.choose(conn, wish(full(pieceCount), 1));
  if (block === undefined) throw new Error('nothing to choose');
  picker.arrived(conn, block, always);
  picker.pieceVerified(block.piece);
  return block.piece;
}

function joined(picker: Picker, has: Bitfield, id = 50): ConnectionId {
  picker.peerJoined(ConnectionId(id), has);
  return ConnectionId(id);
}

const wish = (has: Bitfield, count: number, now = 0) => ({
  has,
  count,
  now: now as Instant,
  newPieces: Infinity,
});

/** Whole pieces but the last, which lacks half of its last block. */
const geometryOf = (count: number, blocks: number): Pieces =>
  new Pieces({
    length: count * blocks * blockBytes - blockBytes / 2,
    pieceLength: blocks * blockBytes,
  });

const pickerOf = (options: Partial<PickerOptions> & { readonly pieces: Pieces }): Picker =>
  new Picker({
    random: randomStream(1, 'picker'),
    policy: 'rarest-first',
    randomFirstPieces: 0,
    ...options,
  });

/** There is memory for another piece. */
const always = (): boolean => true;

const full = (count: number): Bitfield => Bitfield.full(count);

function bits(count: number, pieces: readonly number[]): Bitfield {
  const has = new Bitfield(count);
  for (const piece of pieces) has.set(PieceIndex(piece));
  return has;
}
