/** Who dials whom in a swarm, and from where. */
import { randomBelow, randomStream } from '../../../core/random.ts';
import type { Endpoint } from '../../../core/torrent/ids.ts';

/** The first two numbers of the addresses in use. */
export type Network = '127.83' | '10.77';

/** Listening ports: below those that Linux lends to whoever dials. */
const firstPort = 20_000;
const portCount = 12_000;

/** What was just closed may not be free yet, so no port is used twice in a row. */
let used = process.pid % portCount;

/** An address and a port of its own for each peer: some programs listen at every address, others know peers by it. */
export function addressesIn(network: Network, count: number): readonly Endpoint[] {
  return Array.from({ length: count }, (_, i) => {
    used = (used + 1) % portCount;
    const host = i + 1;
    return { ip: `${network}.${host >> 8}.${host & 255}`, port: firstPort + used };
  });
}

/** Everybody dials those before him: each pair is connected once. */
export const fullMesh = (count: number): readonly (readonly number[])[] =>
  Array.from({ length: count }, (_, i) => Array.from({ length: i }, (_each, j) => j));

/** Everybody dials `degree / 2` others, drawn by lot, so that `degree` is what peers have on average. Always the same. */
export function randomGraph(count: number, degree: number): readonly (readonly number[])[] {
  const random = randomStream(1, 'wiring');
  const connected = Array.from({ length: count }, (_, i) => new Set([i]));
  const wanted = Math.min(Math.ceil(degree / 2), Math.floor((count - 1) / 2));
  return connected.map((known, i) => {
    const dialled: number[] = [];
    // Callers may have met all that there are before enough were drawn.
    while (dialled.length < wanted && known.size < count) {
      const other = randomBelow(random, count);
      if (known.has(other)) continue;
      known.add(other);
      connected[other]?.add(i);
      dialled.push(other);
    }
    return dialled;
  });
}
