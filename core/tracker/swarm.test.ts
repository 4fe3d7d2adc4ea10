import { describe, expect, it } from 'vitest';
import { randomStream } from '../random.ts';
import { start } from '../time.ts';
import { InfoHash, PeerId } from '../torrent/ids.ts';
import { Registration } from './registration.ts';
import { Swarm } from './swarm.ts';

const infoHash = InfoHash('00'.repeat(20));

describe('Swarm', () => {
  it('chooses every peer equally often, and never the one that asks', () => {
    const { peers, swarm } = swarmOf(20);
    const [asker] = peers;
    const random = randomStream(7, 'choice');
    const chosen = new Map<Registration, number>();
    for (let round = 0; round < 2_000; round += 1)
      for (const peer of swarm.choose(random, { count: 5, asker, withSeeders: true }))
        chosen.set(peer, (chosen.get(peer) ?? 0) + 1);
    expect(chosen.has(asker as Registration)).toBe(false);
    expect(chosen.size).toBe(19);
    // 2000 rounds x 5 of 19: 526 each, with a standard deviation of 20.
    for (const count of chosen.values()) expect(Math.abs(count - 526)).toBeLessThan(100);
  });

  it('names first whomever chance names, even when it names all', () => {
    const { peers, swarm } = swarmOf(20);
    const [asker] = peers;
    const random = randomStream(7, 'order');
    const first = new Map<Registration, number>();
    for (let round = 0; round < 2_000; round += 1) {
      const [peer] = swarm.choose(random, { count: 50, asker, withSeeders: true });
      if (peer !== undefined) first.set(peer, (first.get(peer) ?? 0) + 1);
    }
    // 2000 rounds over 19: 105 each, with a standard deviation of 10.
    expect(first.size).toBe(19);
    for (const count of first.values()) expect(Math.abs(count - 105)).toBeLessThan(50);
  });

  it('draws twice at most for each peer it chooses, however large it is', () => {
    const { swarm } = swarmOf(10_000);
    let draws = 0;
    const random = (): number => {
      draws += 1;
      return 0.999;
    };
    const given = swarm.choose(random, { count: 50, asker: undefined, withSeeders: true });
    expect(new Set(given).size).toBe(50);
    expect(draws).toBe(99);
  });
});

function swarmOf(count: number): { readonly swarm: Swarm; readonly peers: Registration[] } {
  const swarm = new Swarm(infoHash);
  const peers = Array.from({ length: count }, (_, n) => {
    const peerId = PeerId(n.toString(16).padStart(40, '0'));
    const caller = { infoHash, peerId, ip: '127.0.0.1', port: n + 1, key: undefined };
    const peer = new Registration(start, caller);
    swarm.add(peer);
    swarm.assign(peer, { isSeeder: n % 3 === 0, isPaused: false });
    return peer;
  });
  return { swarm, peers };
}
