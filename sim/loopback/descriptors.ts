/** How many files and sockets a run needs open at once, and how many one process may have. */
import { readFileSync } from 'node:fs';
import { defaultTorrentOptions } from '../../core/swarm/options.ts';
import type { PeerSpec, Plan } from '../plan.ts';

/** The runtime's own, the tracker's listener, what lies open while files are hashed. */
const ofTheProcess = 200;
/** A listener, and both ends of one question to the tracker. */
const ofEachPeer = 3;
/** While a content is being completed: its file under both names, and its resume data. */
const ofEachContent = 3;

/** As many as the plan can come to need at worst: everybody up, and connected to as many as it may be. */
export function descriptorsNeeded({ peers }: Pick<Plan, 'peers'>): number {
  const others = peers.length - 1;
  return peers.reduce((sum, peer) => sum + needsOf(peer, others), ofTheProcess);
}

function needsOf({ options, contents }: PeerSpec, others: number): number {
  const { maxConnections } = { ...defaultTorrentOptions, ...options };
  const ofTorrent = Math.min(maxConnections, others) + ofEachContent;
  return ofEachPeer + contents.length * ofTorrent;
}

/** What one process may have open; Node raises its soft limit to the hard one by itself. Infinity where the system does not tell. */
export function descriptorLimit(): number {
  try {
    const limits = readFileSync('/proc/self/limits', 'utf8');
    const most = /^Max open files +(\d+)/m.exec(limits)?.[1];
    return most === undefined ? Infinity : Number(most);
  } catch {
    return Infinity;
  }
}
