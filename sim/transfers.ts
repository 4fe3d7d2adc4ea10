/** Who sent whom how much: the two sides' own counts, put side by side. */
import { millis } from '../core/time.ts';
import type { Transfer } from './record.ts';
import type { Unchoked } from './unchoke-watch.ts';
import type { PairBytes } from './world.ts';

type Counted = { -readonly [Key in keyof Transfer]: Transfer[Key] };

/** A row for each pair and content of which either side knows, by the names of sender and receiver. */
export function transfersOf(
  pairs: readonly PairBytes[],
  unchoked: readonly Unchoked[],
): readonly Transfer[] {
  const rows = new Map<string, Counted>();
  const row = (from: string, to: string, content: number): Counted => {
    const key = `${from} ${to} ${content}`;
    const found = rows.get(key) ?? {
      from,
      to,
      content,
      bytesSent: 0,
      bytesReceived: 0,
      unchoked: millis(0),
    };
    rows.set(key, found);
    return found;
  };
  for (const { peer, other, content, bytesDown, bytesUp } of pairs) {
    if (bytesUp > 0) row(peer, other, content).bytesSent += bytesUp;
    if (bytesDown > 0) row(other, peer, content).bytesReceived += bytesDown;
  }
  for (const { from, to, content, lasted } of unchoked) {
    const found = row(from, to, content);
    found.unchoked = millis(found.unchoked + lasted);
  }
  return [...rows.values()].sort(
    (a, b) => compare(a.from, b.from) || compare(a.to, b.to) || a.content - b.content,
  );
}

const compare = (a: string, b: string): number => (a < b ? -1 : Number(a > b));
