/** Trap: messages to an idle network are the easy case; in a swarm most peers send blocks to some and haves to all. */
import { bench, describe } from 'vitest';
import { Swarm } from './testing/busy-swarm.ts';

/** As in a swarm of 1,000 with 40 neighbours each, at a size that keeps a run short. */
const peers = 200;
const degree = 40;

describe(`the network of ${peers} hosts with ${degree} connections each`, () => {
  const idle = new Swarm(peers, degree);
  bench(`10,000 small messages, each to all neighbours of a host`, () => {
    idle.announce(10_000 / degree);
  });

  const busy = new Swarm(peers, degree);
  busy.upload(4, 1_000_000);
  bench(`10,000 small messages between hosts that upload`, () => {
    busy.announce(10_000 / degree);
  });

  const blocks = new Swarm(peers, degree);
  bench(`10,000 blocks of 16 KiB, from each host to four at a time`, () => {
    blocks.upload(4, 10_000);
    blocks.settle();
  });
});
