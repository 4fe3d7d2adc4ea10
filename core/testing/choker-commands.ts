/** What can happen to a choker, as commands for a model test: each looks at what it answers. */
import * as fc from 'fast-check';
import { expect } from 'vitest';
import type { Choker } from '../swarm/choker/choker.ts';
import type { ChokerOptions, ChokerPeer, Unchoked } from '../swarm/choker/slots.ts';
import { type Instant, since } from '../time.ts';
import { ConnectionId } from '../torrent/ids.ts';

/** The peers as they are, and what the choker said last. */
export type ChokerModel = {
  readonly options: ChokerOptions;
  peers: readonly ChokerPeer[];
  isSeed: boolean;
  nextConn: number;
  now: Instant;
  rotatedAt: Instant;
  last: Unchoked;
};

type ChokerCommand = fc.Command<ChokerModel, Choker>;
type Step<Args> = (model: ChokerModel, args: Args) => void;

/** Numbers that name a peer count modulo the peers there are. */
export function chokerCommands(): fc.Arbitrary<ChokerCommand>[] {
  const n = fc.nat({ max: 99 });
  const rate = fc.nat({ max: 5 });
  return [
    command(join, fc.boolean()),
    command(join, fc.constant(true)),
    command(leave, n),
    command(change, fc.record({ n, change: fc.record({ interested: fc.boolean() }) })),
    command(change, fc.record({ n, change: fc.record({ snubbed: fc.boolean() }) })),
    command(change, fc.record({ n, change: fc.record({ uploadOnly: fc.boolean() }) })),
    command(change, fc.record({ n, change: fc.record({ downBytesPerSec: rate }) })),
    command(change, fc.record({ n, change: fc.record({ upBytesPerSec: rate }) })),
    command(change, fc.record({ n, change: fc.record({ turnBytes: rate }) })),
    command(wait, fc.nat({ max: 12_000 })),
    command(wait, fc.constant(10_000)),
    command(complete, fc.constant(undefined)),
  ];
}

function command<Args>(step: Step<Args>, args: fc.Arbitrary<Args>): fc.Arbitrary<ChokerCommand> {
  return args.map((drawn) => ({
    check: () => true,
    run: (model, choker) => {
      step(model, drawn);
      rechoke(model, choker);
    },
    toString: () => `${step.name}(${fc.stringify(drawn)})`,
  }));
}

const join: Step<boolean> = (model, interested) => {
  const peer: ChokerPeer = {
    conn: ConnectionId(model.nextConn),
    interested,
    snubbed: false,
    downBytesPerSec: 0,
    upBytesPerSec: 0,
    connectedAt: model.now,
    isChoked: true,
    turnBytes: 0,
    uploadOnly: false,
  };
  model.nextConn += 1;
  model.peers = [...model.peers, peer];
};

const leave: Step<number> = (model, n) => {
  model.peers = model.peers.filter((_, i) => i !== n % model.peers.length);
};

const change: Step<{ n: number; change: Partial<ChokerPeer> }> = (model, args) => {
  model.peers = model.peers.map((peer, i) =>
    i === args.n % model.peers.length ? { ...peer, ...args.change } : peer,
  );
};

const wait: Step<number> = (model, ms) => {
  model.now = (model.now + ms) as Instant;
};

const complete: Step<undefined> = (model) => {
  model.isSeed = true;
};

/** Asks the choker, checks its answer against the rules, and does what it says. */
function rechoke(model: ChokerModel, choker: Choker): void {
  const isRound = choker.deadline <= model.now;
  const isRotation = isRound && since(model.now, model.rotatedAt) >= model.options.optimisticEvery;
  const waits = model.peers.some((peer) => canBeServed(peer) && peer.isChoked);
  const isSettled = choker.isSettled(model.now, (conn) =>
    model.peers.some(
      (peer) => peer.conn === conn && !peer.uploadOnly && (peer.interested || !waits),
    ),
  );
  const answer = choker.rechoke(model.now, model.peers, model.isSeed);
  if (isSettled) expect(answer).toEqual(model.last);
  if (isRotation) model.rotatedAt = model.now;
  expect(choker.deadline).toBeGreaterThan(model.now);
  expectRightSlots(model, answer);
  if (!isRound) expectNobodyLoses(model, answer);
  if (isRound) expectMerit(model, answer);
  if (isRotation) expectRotation(model, answer);
  model.last = answer;
  model.peers = model.peers.map((peer) => applied(peer, answer, model.now));
}

/** No slot too many, none unused, none for who must not have one. */
function expectRightSlots({ peers, options, last }: ChokerModel, answer: Unchoked): void {
  const { unchoked, optimistic } = answer;
  const slots = options.uploadSlots + options.optimisticSlots;
  const served = peers.filter(({ conn }) => unchoked.has(conn));
  expect(served).toHaveLength(unchoked.size);
  expect([...optimistic].every((conn) => unchoked.has(conn))).toBe(true);
  expect(unchoked.size).toBeLessThanOrEqual(slots);
  expect(unchoked.size - optimistic.size).toBeLessThanOrEqual(options.uploadSlots);
  expect(served.filter(({ uploadOnly }) => uploadOnly)).toEqual([]);
  expect(served.filter((peer) => !peer.interested && !last.unchoked.has(peer.conn))).toEqual([]);
  const waiting = peers.filter((peer) => canBeServed(peer) && !unchoked.has(peer.conn));
  if (waiting.length > 0) expect(unchoked.size).toBe(slots);
}

/**
 * Between rounds an earned slot that is made use of is kept; a drawn one is lost at most to somebody who earns it, and one
 * that is not made use of at most to somebody who wants it.
 */
function expectNobodyLoses({ peers, last }: ChokerModel, { unchoked, optimistic }: Unchoked): void {
  const holders = peers.filter(({ conn, uploadOnly }) => last.unchoked.has(conn) && !uploadOnly);
  const served = holders.filter(canBeServed);
  const wasRegular = ({ conn }: ChokerPeer): boolean => !last.optimistic.has(conn);
  for (const { conn } of served.filter(wasRegular))
    expect(unchoked.has(conn) && !optimistic.has(conn)).toBe(true);
  const gained = peers.filter(({ conn }) => unchoked.has(conn) && !last.unchoked.has(conn));
  const earned = gained.filter(({ conn }) => !optimistic.has(conn));
  const hasLost = ({ conn }: ChokerPeer): boolean => !unchoked.has(conn);
  expect(served.filter(hasLost).length).toBeLessThanOrEqual(earned.length);
  expect(holders.filter(hasLost).length).toBeLessThanOrEqual(gained.length);
}

/** The fastest interested peers that do not snub us have the regular slots; where chance decides, nobody has. */
function expectMerit({ peers, isSeed, options }: ChokerModel, answer: Unchoked): void {
  const regular = peers.filter(
    ({ conn }) => answer.unchoked.has(conn) && !answer.optimistic.has(conn),
  );
  expect(regular.filter((peer) => !peer.interested || (!isSeed && peer.snubbed))).toEqual([]);
  if (!isSeed && options.chokePolicy === 'random') return expect(regular).toEqual([]);
  if (isSeed && options.seedPolicy !== 'fastest-upload') return;
  const rateOf = (peer: ChokerPeer): number => (isSeed ? peer.upBytesPerSec : peer.downBytesPerSec);
  const deserving = peers.filter((peer) => canBeServed(peer) && (isSeed || !peer.snubbed));
  const fastest = deserving
    .map(rateOf)
    .sort((a, b) => b - a)
    .slice(0, options.uploadSlots);
  expect(regular.map(rateOf).sort((a, b) => b - a)).toEqual(fastest);
}

/** Whoever was optimistic stays so only if nobody else is left. */
function expectRotation({ peers, last }: ChokerModel, { unchoked, optimistic }: Unchoked): void {
  const stayed = [...optimistic].filter((conn) => last.optimistic.has(conn));
  const waiting = peers.filter(
    (peer) => canBeServed(peer) && !unchoked.has(peer.conn) && !last.optimistic.has(peer.conn),
  );
  if (stayed.length > 0) expect(waiting).toEqual([]);
}

const canBeServed = (peer: ChokerPeer): boolean => peer.interested && !peer.uploadOnly;

function applied(peer: ChokerPeer, { unchoked }: Unchoked, now: Instant): ChokerPeer {
  const isChoked = !unchoked.has(peer.conn);
  return { ...peer, isChoked, ...(peer.isChoked && !isChoked && { unchokedAt: now }) };
}
