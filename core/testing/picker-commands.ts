/** What can happen to a picker, as commands for a model test: each checks what the picker answers. */
import * as fc from 'fast-check';
import { expect } from 'vitest';
import type { Picker, Priority } from '../swarm/picker/picker.ts';
import { turnLimit } from '../swarm/picker/suspects.ts';
import type { Instant } from '../time.ts';
import { Bitfield } from '../torrent/bitfield.ts';
import { ConnectionId, PieceIndex } from '../torrent/ids.ts';
import { type ModelWish, type PickerModel, keyOf } from './picker-model.ts';

/** The picker, the time, and the id of the next connection. */
export type PickerUnderTest = { readonly picker: Picker; now: number; nextConn: number };

export type PickerCommand = fc.Command<PickerModel, PickerUnderTest>;

type Step<Args> = (model: PickerModel, real: PickerUnderTest, args: Args) => void;

/** Numbers that name a peer, piece or block count modulo what there is, so that all do something. */
export function pickerCommands(pieceCount: number): fc.Arbitrary<PickerCommand>[] {
  const n = fc.nat({ max: 999 });
  const pieces = fc.oneof(fc.constant(range(pieceCount)), fc.subarray(range(pieceCount)));
  const priority = fc.nat({ max: 7 }) as fc.Arbitrary<Priority>;
  return [
    command(wait, fc.nat({ max: 2 * turnLimit })),
    command(join, fc.record({ pieces, isTold: fc.boolean() })),
    command(gain, fc.record({ peer: n, piece: n })),
    command(lose, fc.record({ peer: n, piece: n })),
    command(leave, n),
    command(
      choose,
      fc.record({ peer: n, count: fc.nat({ max: 12 }), newPieces: fc.nat({ max: 3 }) }),
    ),
    command(choose, fc.record({ peer: n, count: fc.constant(100), newPieces: fc.constant(100) })),
    command(chooseAllowed, fc.record({ peer: n, allowed: pieces })),
    command(deliver, fc.record({ peer: n, count: fc.integer({ min: 1, max: 20 }) })),
    command(deliverLate, n),
    command(deliverAnything, fc.record({ peer: n, piece: n, block: n })),
    command(reject, n),
    command(choked, n),
    command(expire, fc.record({ peer: n, age: fc.nat({ max: 5 }) })),
    command(verify, n),
    command(fail, n),
    command(drop, n),
    command(losePiece, n),
    command(prioritise, fc.record({ piece: n, priority })),
  ];
}

function command<Args>(step: Step<Args>, args: fc.Arbitrary<Args>): fc.Arbitrary<PickerCommand> {
  return args.map((drawn) => ({
    check: () => true,
    run: (model, real) => {
      real.now += 1;
      step(model, real, drawn);
      expectAgreement(model, real.picker);
    },
    toString: () => `${step.name}(${fc.stringify(drawn)})`,
  }));
}

/** Everything the picker says of itself is what the model counts. */
function expectAgreement(model: PickerModel, picker: Picker): void {
  const all = model.allPieces();
  const missing = all.filter((piece) => model.isWantedMissing(piece));
  const underWay = all.filter((piece) => model.isUnderWay(piece));
  const stuck = underWay.filter(
    (piece) => !model.isPending(piece) && model.availability(piece) === 0,
  );
  const said = {
    availability: all.map((piece) => picker.availability(piece)),
    begunPieces: picker.begunPieces,
    begunBytes: picker.begunBytes,
    missing: picker.missing,
    isComplete: picker.isComplete,
    inEndgame: picker.inEndgame,
    isStuck: picker.unobtainable() !== undefined,
  };
  expect(said).toEqual({
    availability: all.map((piece) => model.availability(piece)),
    begunPieces: underWay.length,
    begunBytes: underWay.reduce((sum, piece) => sum + model.pieces.lengthOf(piece), 0),
    missing: missing.length,
    isComplete: missing.length === 0,
    inEndgame: model.isEndgame,
    isStuck: stuck.length > 0,
  });
  const peers = [...model.peers];
  const isInteresting = peers.map(([, peer]) => picker.isInteresting(model.bitfieldOf(peer)));
  expect(isInteresting).toEqual(peers.map(([, { has }]) => missing.some((p) => has.has(p))));
  const requests = peers.map(([conn]) => picker.requestsOf(conn));
  expect(picker.requests).toBe(requests.reduce((sum, open) => sum + open, 0));
  expect(requests).toEqual(peers.map(([, { open }]) => open.size));
  const senders = all.map((piece) => picker.sendersOf(piece));
  expect(senders).toEqual(all.map((piece) => sendersOf(model, piece)));
}

const wait: Step<number> = (_, real, ms) => {
  real.now += ms;
};

const join: Step<{ pieces: readonly number[]; isTold: boolean }> = (model, real, args) => {
  const conn = ConnectionId(real.nextConn);
  real.nextConn += 1;
  const peer = {
    has: new Set(args.pieces.map(PieceIndex)),
    isSeed: new Set(args.pieces).size === model.pieces.count,
    open: new Map(),
    givenUp: new Set<string>(),
  };
  if (args.isTold) real.picker.peerJoined(conn, new Bitfield(model.pieces.count));
  real.picker.peerJoined(conn, model.bitfieldOf(peer));
  model.peers.set(conn, peer);
};

const gain: Step<{ peer: number; piece: number }> = (model, { picker }, args) => {
  const [conn, peer] = pick([...model.peers], args.peer) ?? [];
  const piece = pick(model.allPieces(), args.piece);
  if (conn === undefined || piece === undefined || peer?.has.has(piece) !== false) return;
  peer.has.add(piece);
  picker.peerGained(piece);
};

const lose: Step<{ peer: number; piece: number }> = (model, { picker }, args) => {
  const [conn, peer] = pick([...model.peers], args.peer) ?? [];
  const piece = pick([...(peer?.has ?? [])], args.piece);
  if (conn === undefined || piece === undefined) return;
  peer?.has.delete(piece);
  if (peer !== undefined) peer.isSeed = false;
  picker.peerLost(conn, piece);
};

const leave: Step<number> = (model, { picker }, n) => {
  const [conn, peer] = pick([...model.peers], n) ?? [];
  if (conn === undefined || peer === undefined) return;
  picker.peerLeft(conn, model.bitfieldOf(peer));
  model.peers.delete(conn);
  for (const [piece, turn] of model.suspects)
    if (turn.conn === conn) model.suspects.set(piece, { askedAt: 0 });
};

const choose: Step<{ peer: number; count: number } & Omit<ModelWish, 'now'>> = (
  model,
  real,
  args,
) => {
  const { peer: n, count, ...rest } = args;
  const wish = { ...rest, now: real.now };
  const { newPieces } = wish;
  const begun = new Set<PieceIndex>();
  const left = () => ({ ...wish, newPieces: newPieces - begun.size });
  const [conn, peer] = pick([...model.peers], n) ?? [];
  if (conn === undefined || peer === undefined) return;
  const now = real.now as Instant;
  const picks = real.picker.choose(conn, { has: model.bitfieldOf(peer), count, ...rest, now });
  expect(picks.length).toBeLessThanOrEqual(count);
  for (const block of picks) {
    expect(model.nextBlocks(conn, left())).toContainEqual(block);
    if (!model.isUnderWay(block.piece)) begun.add(block.piece);
    peer.givenUp.delete(keyOf(block));
    peer.open.set(keyOf(block), real.now);
    if (model.suspects.has(block.piece))
      model.suspects.set(block.piece, { conn, askedAt: real.now });
  }
  if (picks.length < count) expect(model.nextBlocks(conn, left())).toEqual([]);
};

const chooseAllowed: Step<{ peer: number; allowed: readonly number[] }> = (model, real, args) => {
  const allowed = new Set(args.allowed.map(PieceIndex));
  choose(model, real, { peer: args.peer, count: 3, newPieces: 100, allowed });
};

const deliver: Step<{ peer: number; count: number }> = (model, { picker }, args) => {
  const [conn, peer] = pick([...model.peers], args.peer) ?? [];
  if (conn === undefined || peer === undefined) return;
  for (const key of [...peer.open.keys()].slice(0, args.count)) arrive(model, picker, [conn, key]);
};

const deliverLate: Step<number> = (model, { picker }, n) => {
  const late = [...model.peers].flatMap(([conn, { givenUp }]) =>
    [...givenUp].map((key) => [conn, key] as const),
  );
  const chosen = pick(late, n);
  if (chosen !== undefined) arrive(model, picker, chosen);
};

const deliverAnything: Step<{ peer: number; piece: number; block: number }> = (
  model,
  real,
  args,
) => {
  const conn = pick([...model.peers.keys()], args.peer);
  const blocks = model.blocksOf(pick(model.allPieces(), args.piece) ?? PieceIndex(0));
  const block = pick(blocks, args.block);
  if (conn === undefined || block === undefined) return;
  arrive(model, real.picker, [conn, keyOf(block)]);
};

/** There is memory for another piece. */
const always = (): boolean => true;

/** One block comes, whether it was asked for or not. */
function arrive(
  model: PickerModel,
  picker: Picker,
  [conn, key]: readonly [ConnectionId, string],
): void {
  const block = model.blockOf(key);
  const peer = model.peers.get(conn);
  const asked = peer?.open.has(key) === true || peer?.givenUp.has(key) === true;
  const wanted = asked && model.isWantedMissing(block.piece) && !model.arrived.has(key);
  const alsoAsked = wanted ? model.askersOf(block).filter((other) => other !== conn) : [];
  const arrival = picker.arrived(conn, block, always);
  peer?.open.delete(key);
  peer?.givenUp.delete(key);
  for (const other of alsoAsked) model.giveUp(other, key);
  if (wanted) model.arrived.set(key, conn);
  const pieceDone = wanted && model.isPending(block.piece);
  expect(new Set(arrival.alsoAsked)).toEqual(new Set(alsoAsked));
  expect(arrival).toMatchObject({ wanted, asked, pieceDone });
}

const reject: Step<number> = (model, { picker }, n) => {
  const open = [...model.peers].flatMap(([conn, peer]) =>
    [...peer.open.keys()].map((key) => [conn, peer, key] as const),
  );
  const [conn, peer, key] = pick(open, n) ?? [];
  if (conn === undefined || key === undefined) return;
  picker.rejected(conn, model.blockOf(key));
  peer?.open.delete(key);
};

const choked: Step<number> = (model, { picker }, n) => {
  const [conn, peer] = pick([...model.peers], n) ?? [];
  if (conn === undefined || peer === undefined) return;
  expect(picker.choked(conn).map(keyOf)).toEqual([...peer.open.keys()]);
  for (const key of [...peer.open.keys()]) model.giveUp(conn, key);
};

const expire: Step<{ peer: number; age: number }> = (model, { picker, now }, args) => {
  const [conn, peer] = pick([...model.peers], args.peer) ?? [];
  if (conn === undefined || peer === undefined) return;
  const old = [...peer.open].filter(([, askedAt]) => askedAt < now - args.age).map(([key]) => key);
  expect(picker.expire(conn, (now - args.age) as Instant).map(keyOf)).toEqual(old);
  for (const key of old) model.giveUp(conn, key);
};

const verify: Step<number> = (model, { picker }, n) => {
  const piece = pick(pendingOf(model), n);
  if (piece === undefined) return;
  expect(picker.pieceVerified(piece)).toEqual([]);
  model.drop(piece);
  model.suspects.delete(piece);
  model.had.add(piece);
};

const fail: Step<number> = (model, { picker }, n) => {
  const piece = pick(pendingOf(model), n);
  if (piece === undefined) return;
  expect(picker.pieceFailed(piece)).toEqual([]);
  model.drop(piece);
  model.suspects.set(piece, { askedAt: 0 });
};

const drop: Step<number> = (model, { picker }, n) => {
  const piece = pick(
    model.allPieces().filter((p) => model.isUnderWay(p)),
    n,
  );
  if (piece === undefined) return;
  expect(new Set(picker.pieceDropped(piece))).toEqual(new Set(requestsFor(model, piece)));
  model.drop(piece);
};

const losePiece: Step<number> = (model, { picker }, n) => {
  const piece = pick([...model.had], n);
  if (piece === undefined) return;
  picker.lostPiece(piece);
  model.had.delete(piece);
};

const prioritise: Step<{ piece: number; priority: Priority }> = (model, { picker }, args) => {
  const piece = PieceIndex(args.piece % model.pieces.count);
  const isGivenUp = args.priority === 0 && !model.isPending(piece);
  const cancelled = isGivenUp ? requestsFor(model, piece) : [];
  expect(new Set(picker.setPriority(piece, args.priority))).toEqual(new Set(cancelled));
  model.setPriority(piece, args.priority);
  if (isGivenUp) model.drop(piece);
};

const range = (count: number): number[] => Array.from({ length: count }, (_, i) => i);

const pick = <Item>(items: readonly Item[], n: number): Item | undefined => items[n % items.length];

const pendingOf = (model: PickerModel): PieceIndex[] =>
  model.allPieces().filter((piece) => model.isPending(piece));

const requestsFor = (model: PickerModel, piece: PieceIndex): object[] =>
  model.blocksOf(piece).flatMap((block) => model.askersOf(block).map((conn) => ({ conn, block })));

const sendersOf = (model: PickerModel, piece: PieceIndex): object[] =>
  model.blocksOf(piece).flatMap((block) => {
    const conn = model.arrived.get(keyOf(block));
    return conn === undefined ? [] : [{ conn, block }];
  });
