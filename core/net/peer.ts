/** A whole peer on real sockets and a real disk: what programs, the command line and the bench start. */
import { randomBytes } from 'node:crypto';
import { performance } from 'node:perf_hooks';
import type { Instant } from '../time.ts';
import type { PeerOptions } from './peer-options.ts';
import { randomStream } from '../random.ts';
import { makePeerId } from '../torrent/peer-id.ts';
import { RunningPeer } from './running-peer.ts';
import { listen } from './tcp.ts';

/** Sockets one peer holds at most, all torrents together: below the 1,024 files a process may open on many systems. */
const maxSockets = 900;

/** Listens and returns the running peer. Rejects with the system's error when the address cannot be had. */
export async function startPeer(options: PeerOptions = {}): Promise<RunningPeer> {
  const seed = options.seed ?? randomBytes(6).readUIntBE(0, 6);
  const startedAt = performance.now();
  const ip = options.ip ?? '127.0.0.1';
  // The listener needs the peer and the peer needs the listener's port: calls cannot come before both are there.
  const calls: { to?: RunningPeer } = {};
  const listener = await listen(
    { ip, port: options.port ?? 0 },
    { maxConnections: maxSockets, onCall: (call) => calls.to?.called(call) },
  );
  calls.to = new RunningPeer({
    ...options,
    seed,
    listener,
    peerId: options.peerId ?? makePeerId(randomStream(seed, 'peer id')),
    clock: () => (performance.now() - startedAt) as Instant,
  });
  return calls.to;
}

export type { PeerOptions } from './peer-options.ts';
export type { AddOptions, RunningPeer } from './running-peer.ts';
export type { RunningTorrent } from './running-torrent.ts';
export type { PeerStats, TorrentStats } from '../swarm/stats.ts';
