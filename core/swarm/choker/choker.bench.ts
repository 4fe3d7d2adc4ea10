/** Trap: with a few peers everything is fast; a seed of a large swarm looks at all that want something in each round. */
import { describe } from 'vitest';
import { type Random, randomBelow, randomStream } from '../../random.ts';
import { bench } from '../../testing/bench.ts';
import { type Instant, start } from '../../time.ts';
import { ConnectionId } from '../../torrent/ids.ts';
import { Choker } from './choker.ts';
import type { ChokerPeer } from './slots.ts';

/** A session has 50 connections unless it is told otherwise; these are what it may be told. */
for (const count of [200, 1_000])
  describe(`the choker with ${count} peers`, () => {
    for (const [name, isSeed] of [
      ['a round of a leecher', false],
      ['a round of a seed', true],
    ] as const) {
      const party = partyOf(count);
      bench(name, () => {
        party.now = party.choker.deadline;
        rechoke(party, isSeed);
      });
    }

    const settled = partyOf(count);
    bench('a look between two rounds', () => {
      rechoke(settled, false);
    });
  });

type Party = {
  readonly choker: Choker;
  readonly peers: ChokerPeer[];
  readonly random: Random;
  now: Instant;
};

function partyOf(count: number): Party {
  const random = randomStream(1, 'choker bench');
  const peers = Array.from({ length: count }, (_, i): ChokerPeer => {
    return {
      conn: ConnectionId(i),
      interested: random() < 0.8,
      snubbed: random() < 0.1,
      downBytesPerSec: randomBelow(random, 1_000_000),
      upBytesPerSec: randomBelow(random, 1_000_000),
      connectedAt: start,
      isChoked: true,
      turnBytes: 0,
      uploadOnly: random() < 0.05,
    };
  });
  const party = { choker: new Choker(start, {}, random), peers, random, now: start };
  rechoke(party, false);
  return party;
}

/** A round and its effect; one peer has another rate than before, so that slots change hands. */
function rechoke({ choker, now, peers, random }: Party, isSeed: boolean): void {
  const changed = randomBelow(random, peers.length);
  const peer = peers[changed];
  if (peer !== undefined)
    peers[changed] = { ...peer, downBytesPerSec: randomBelow(random, 1_000_000) };
  const { unchoked } = choker.rechoke(now, peers, isSeed);
  for (const [i, each] of peers.entries()) {
    const isChoked = !unchoked.has(each.conn);
    if (isChoked === each.isChoked) continue;
    peers[i] = { ...each, isChoked, ...(!isChoked && { unchokedAt: now, turnBytes: 1 }) };
  }
}
