/** Who gets an upload slot (BEP 3, "choking and optimistic unchoking"): a pure choice. */
import type { Random } from '../../random.ts';
import type { Instant } from '../../time.ts';
import { since } from '../../time.ts';
import type { ConnectionId } from '../../torrent/ids.ts';
import { byMerit } from './merit.ts';
import type { ChokerOptions, ChokerPeer, ChokerSnapshot, Unchoked } from './slots.ts';

/** For so many rotations a peer counts as new: it has nothing to trade until it is served once. */
const newcomerRotations = 3;

/**
 * Who gets a slot now. Only interested peers are given one, unlike in BEP 3, where faster peers that
 * are not interested are unchoked as well: whoever becomes interested is looked at without delay, so
 * that would save one message, and unchoked peers could outnumber the slots. Regular slots that
 * nobody has earned are drawn for like optimistic ones: snubbed peers can get no others.
 */
export function chooseUnchoked(
  snapshot: ChokerSnapshot,
  options: ChokerOptions,
  random: Random,
): Unchoked {
  const regular = new Set(chooseRegular(snapshot, options));
  const count = options.optimisticSlots + options.uploadSlots - regular.size;
  const optimistic = new Set(stayingOptimistic(snapshot, regular).slice(0, count));
  const waiting = snapshot.peers.filter(
    (peer) => canBeServed(peer) && !regular.has(peer.conn) && !optimistic.has(peer.conn),
  );
  const wasOptimistic = ({ conn }: ChokerPeer): boolean => snapshot.held.optimistic.has(conn);
  const fresh = waiting.filter((peer) => !wasOptimistic(peer));
  const chance = chanceOf(snapshot.now, options);
  // Those who have just had their turn are drawn only when nobody else is left.
  for (const hat of [fresh, waiting.filter(wasOptimistic)])
    for (const conn of draw(hat, { count: count - optimistic.size, chance, random }))
      optimistic.add(conn);
  for (const peer of idleHolders(snapshot).slice(0, count - optimistic.size)) {
    const isRegular = !wasOptimistic(peer) && regular.size < options.uploadSlots;
    (isRegular ? regular : optimistic).add(peer.conn);
  }
  return { unchoked: new Set([...regular, ...optimistic]), optimistic };
}

const canBeServed = (peer: ChokerPeer): boolean => peer.interested && !peer.uploadOnly;

/**
 * Who holds a slot and wants nothing at the moment keeps it until the next round, if nobody else wants it: soon it may want
 * something again. An empty slot that others wait for would cost a fast swarm most of a round.
 */
const idleHolders = ({ held, peers, turn }: ChokerSnapshot): readonly ChokerPeer[] =>
  peers.filter(
    ({ conn, interested, uploadOnly }) =>
      turn === 'between' && held.unchoked.has(conn) && !interested && !uploadOnly,
  );

/** Between rounds nobody who holds a slot and makes use of it loses it. */
function chooseRegular(snapshot: ChokerSnapshot, options: ChokerOptions): ConnectionId[] {
  const { peers, held, turn, isSeed } = snapshot;
  if (!isSeed && options.chokePolicy === 'random') return [];
  const isRegular = ({ conn }: ChokerPeer): boolean =>
    held.unchoked.has(conn) && !held.optimistic.has(conn);
  const keeps = (peer: ChokerPeer): boolean =>
    turn === 'between' && isRegular(peer) && canBeServed(peer);
  const staysOptimistic = (peer: ChokerPeer): boolean =>
    held.optimistic.has(peer.conn) &&
    (turn === 'between' || (turn === 'round' && isSeed && options.seedPolicy !== 'fastest-upload'));
  const earns = (peer: ChokerPeer): boolean =>
    canBeServed(peer) && (isSeed || !peer.snubbed) && !keeps(peer) && !staysOptimistic(peer);
  const ranked = peers.filter(earns).sort(byMerit(snapshot, options));
  return [...peers.filter(keeps), ...ranked].slice(0, options.uploadSlots).map(({ conn }) => conn);
}

function stayingOptimistic(
  { peers, held, turn }: ChokerSnapshot,
  regular: ReadonlySet<ConnectionId>,
): ConnectionId[] {
  if (turn === 'rotation') return [];
  return peers
    .filter(({ conn }) => held.optimistic.has(conn) && !regular.has(conn))
    .filter(canBeServed)
    .map(({ conn }) => conn);
}

type Hat = {
  readonly count: number;
  readonly chance: (peer: ChokerPeer) => number;
  readonly random: Random;
};

/** Up to `count` different peers, each as likely as its chance says. */
function draw(peers: readonly ChokerPeer[], { count, chance, random }: Hat): ConnectionId[] {
  const left = [...peers];
  const drawn: ConnectionId[] = [];
  while (drawn.length < count && left.length > 0) {
    const tickets = left.reduce((sum, peer) => sum + chance(peer), 0);
    const [winner] = left.splice(holderOf(random() * tickets, left, chance), 1);
    if (winner !== undefined) drawn.push(winner.conn);
  }
  return drawn;
}

/** The index of the peer that holds the ticket, if each has as many as its chance says. */
function holderOf(ticket: number, peers: readonly ChokerPeer[], chance: Hat['chance']): number {
  let passed = 0;
  return peers.findIndex((peer) => {
    passed += chance(peer);
    return ticket < passed;
  });
}

const chanceOf =
  (now: Instant, { newcomerWeight, optimisticEvery }: ChokerOptions) =>
  ({ connectedAt }: ChokerPeer): number =>
    since(now, connectedAt) < newcomerRotations * optimisticEvery ? newcomerWeight : 1;
