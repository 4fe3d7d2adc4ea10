/** Who deserves an upload slot most (BEP 3, "tit-for-tat"; at a seed there is nothing to repay). */
import { since } from '../../time.ts';
import type { ChokerOptions, ChokerPeer, ChokerSnapshot } from './slots.ts';
import { longestTurn } from './slots.ts';

type Order = (a: ChokerPeer, b: ChokerPeer) => number;

/** Sorts the most deserving first; never leaves two peers equal. */
export function byMerit({ now, isSeed }: ChokerSnapshot, options: ChokerOptions): Order {
  if (!isSeed) return byRate((peer) => peer.downBytesPerSec);
  if (options.seedPolicy === 'fastest-upload') return byRate((peer) => peer.upBytesPerSec);
  const hasTurn = ({ unchokedAt, isChoked, turnBytes }: ChokerPeer): boolean => {
    if (isChoked || unchokedAt === undefined) return false;
    // Whoever has not even begun to fetch anything gets no more time for it.
    const isUnderWay = turnBytes > 0 && turnBytes < options.leastTurnBytes;
    const turns = isUnderWay ? longestTurn : 1;
    return since(now, unchokedAt) < turns * options.optimisticEvery;
  };
  return inTurn(hasTurn);
}

/** At equal rates whoever is unchoked stays so: each change costs both sides a full pipeline. */
const byRate =
  (rateOf: (peer: ChokerPeer) => number): Order =>
  (a, b) =>
    rateOf(b) - rateOf(a) || Number(a.isChoked) - Number(b.isChoked) || a.conn - b.conn;

/** First whoever has its turn, then those who wait, longest first, then those who had their turn. */
function inTurn(hasTurn: (peer: ChokerPeer) => boolean): Order {
  const groupOf = (peer: ChokerPeer): number => {
    if (hasTurn(peer)) return 0;
    return peer.isChoked ? 1 : 2;
  };
  const waitsSince = ({ unchokedAt, connectedAt }: ChokerPeer): number => unchokedAt ?? connectedAt;
  return (a, b) => {
    const group = groupOf(a);
    const byTime = waitsSince(a) - waitsSince(b);
    return group - groupOf(b) || (group === 1 ? byTime : -byTime) || a.conn - b.conn;
  };
}
