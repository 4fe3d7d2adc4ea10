/**
 * Uplink-sharing broadcast in slots (Mundinger, Weber and Weiss, J. Scheduling 2008): one slot sends one piece, no
 * delay, no limit to what may be received. No schedule needs fewer than M + floor(log2 N) slots. Here each node sends
 * to somebody by chance who needs something of it, and the choice of the piece is the picker's own.
 */
import { type Random, randomBelow, randomStream, shuffled } from '../../../core/random.ts';
import { Bitfield } from '../../../core/torrent/bitfield.ts';
import type { PieceIndex } from '../../../core/torrent/ids.ts';
import { Candidates } from '../../../core/swarm/picker/candidates.ts';
import { anyOrder } from '../../../core/swarm/picker/policy.ts';

export type SlottedSwarm = {
  readonly leechers: number;
  readonly pieces: number;
  /** Whether everybody knows how rare each piece is in the whole swarm, or takes what chance names. */
  readonly policy: 'rarest-first' | 'random';
  readonly seed: number;
};

type Node = { readonly has: Bitfield; readonly missing: Candidates };

/** The least number of slots in which all can have everything. */
export const fewestSlots = ({
  leechers,
  pieces,
}: Pick<SlottedSwarm, 'leechers' | 'pieces'>): number => pieces + Math.floor(Math.log2(leechers));

/** All are of one priority. */
const priority = 4;

/** In how many slots everybody has everything. */
export function slotsNeeded({ leechers, pieces, policy, seed }: SlottedSwarm): number {
  const random = randomStream(seed, 'slots');
  const holders = new Uint32Array(pieces).fill(1);
  const rank =
    policy === 'random' ? anyOrder : (piece: number): number => (holders[piece] ?? 0) - 1;
  const nodes = Array.from({ length: leechers }, (_, i): Node => {
    const missing = new Candidates(pieces, { rank, random: randomStream(seed, `node ${i}`) });
    for (let piece = 0; piece < pieces; piece += 1) missing.add(piece, priority);
    return { has: new Bitfield(pieces), missing };
  });
  const source = { has: Bitfield.full(pieces) };
  for (let slots = 0; ; slots += 1) {
    const wanting = nodes.filter(({ has }) => !has.isFull);
    if (wanting.length === 0) return slots;
    const received: [Node, PieceIndex][] = [];
    for (const sender of shuffled(random, [source, ...nodes])) {
      if (sender.has.isEmpty) continue;
      const sent = send(sender, wanting, random);
      if (sent === undefined) continue;
      const [, piece] = sent;
      holders[piece] = (holders[piece] ?? 0) + 1;
      received.push(sent);
    }
    for (const [{ has }, piece] of received) has.set(piece);
    const changed = new Set(received.map(([, piece]) => piece));
    for (const { missing } of wanting) for (const piece of changed) missing.rerank(piece);
  }
}

/** To the first, in random order, that lacks something which the sender has. */
function send(
  { has }: Pick<Node, 'has'>,
  wanting: readonly Node[],
  random: Random,
): [Node, PieceIndex] | undefined {
  const first = randomBelow(random, wanting.length);
  for (let i = 0; i < wanting.length; i += 1) {
    const node = wanting[(first + i) % wanting.length] as Node;
    const piece = node.missing.first(has);
    if (piece === undefined) continue;
    // It is on its way: nobody else sends it in this slot.
    node.missing.remove(piece);
    return [node, piece];
  }
  return undefined;
}
