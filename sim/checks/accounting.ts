/** Accounting: what one side sent the other received, and nobody announces more than was moved. */
import { defaultTorrentOptions } from '../../core/swarm/options.ts';
import type { Instant } from '../../core/time.ts';
import { crashTypes } from '../action.ts';
import type { Evidence } from '../evidence.ts';
import { isHostile } from '../hostile/kinds.ts';
import type { CheckResult, PeerSample, Transfer } from '../record.ts';
import { grouped, verdict } from './verdict.ts';

/**
 * What the kernel may hold of one connection in both directions' buffers: Linux lets tcp_wmem grow to 4 MiB and
 * tcp_rmem to 6 MiB.
 */
const kernelBytes = 10 * 2 ** 20;

export function accounting(evidence: Evidence): CheckResult {
  const { transfers } = evidence.record;
  const wrong = [
    ...transfers
      .filter(({ from, to }) => evidence.isHonest(from) && evidence.isHonest(to))
      .flatMap((row) => unequal(row, evidence)),
    ...announcedTooMuch(evidence),
  ];
  if (evidence.record.peers.length === 0) wrong.push('nobody took part');
  const lost = transfers.reduce(
    (sum, row) => sum + Math.max(0, row.bytesSent - row.bytesReceived),
    0,
  );
  const moved = transfers.reduce((sum, row) => sum + row.bytesReceived, 0);
  const kept = `${transfers.length} pairs, ${grouped(moved)} bytes received, ${grouped(lost)} lost with broken connections`;
  return verdict('accounting', wrong, kept);
}

function unequal(row: Transfer, evidence: Evidence): readonly string[] {
  const { from, to, bytesSent, bytesReceived } = row;
  // A process that is killed takes its last counts with it.
  const isKilled = evidence.record.header.plan.isolation === 'process';
  const isKnown = (name: string): boolean =>
    !isKilled || evidence.actionsOn(name, ...crashTypes).length === 0;
  if (!isKnown(from)) return [];
  const told = `${from} sent ${to} ${grouped(bytesSent)} bytes, ${to} received ${grouped(bytesReceived)}`;
  if (bytesReceived > bytesSent) return [told];
  const lost = bytesSent - bytesReceived;
  if (lost === 0 || !isKnown(to)) return [];
  const breaks = brokenConnections(row, evidence);
  const most = breaks * (maxUnsent(from, evidence) + kernelBytes);
  return lost <= most ? [] : [`${told}, and ${breaks} connections broke`];
}

const maxUnsent = (name: string, evidence: Evidence): number =>
  evidence.spec(name)?.options.maxUnsentBytes ?? defaultTorrentOptions.maxUnsentBytes;

/**
 * Connections of the pair that ended, as the side tells that saw more of them; one that a crash or a move ended may go untold.
 * Those that the end of the run closed count as well: the end game asks for blocks twice, so that some may be under
 * way to a receiver that has everything.
 */
function brokenConnections({ from, to, content }: Transfer, evidence: Evidence): number {
  const seenBy = (peer: string, other: string): number =>
    evidence
      .eventsOf(peer)
      .filter(
        (event) =>
          event.type === 'disconnected' &&
          evidence.contentOf(event) === content &&
          (event.peerId === undefined
            ? evidence.nameAt(event.address) === other
            : evidence.nameOf(event.peerId) === other),
      ).length;
  const crashes = [from, to].flatMap((name) =>
    evidence.actionsOn(name, ...crashTypes, 'restart', 'move'),
  );
  return Math.max(seenBy(from, to), seenBy(to, from)) + crashes.length;
}

/** Of each announce: `uploaded` at most what the peer had sent, `downloaded` at most what had come in (BEP 3). */
function announcedTooMuch(evidence: Evidence): readonly string[] {
  const samples = samplesByPeer(evidence.record.samples);
  const moved = movedTotals(evidence);
  const isAmongHostile = evidence.record.header.plan.peers.some(isHostile);
  return evidence.record.events.flatMap((event) => {
    if (event.type !== 'announced' || !evidence.isHonest(event.peer)) return [];
    const sample = nextSample(samples.get(event.peer) ?? [], event.at);
    // Under names that nobody knows a hostile peer may have had what no pair accounts for.
    if (sample === undefined && isAmongHostile) return [];
    const known = sample ?? moved.get(event.peer);
    const { bytesUp, bytesDown } = known ?? nothing;
    const at = `${event.peer} announced at ${event.at} ms`;
    return [
      ...(event.uploaded > bytesUp
        ? [`${at} ${grouped(event.uploaded)} uploaded, it had sent ${grouped(bytesUp)}`]
        : []),
      ...(event.downloaded > bytesDown
        ? [`${at} ${grouped(event.downloaded)} downloaded, ${grouped(bytesDown)} had come in`]
        : []),
    ];
  });
}

type Moved = { readonly bytesUp: number; readonly bytesDown: number };

const nothing: Moved = { bytesUp: 0, bytesDown: 0 };

/** The first sample after that moment: one of the same moment may have been taken before it. They are in order of time. */
function nextSample(samples: readonly PeerSample[], at: Instant): PeerSample | undefined {
  let low = 0;
  let high = samples.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((samples[middle]?.at ?? 0) <= at) low = middle + 1;
    else high = middle;
  }
  return samples[low];
}

function samplesByPeer(samples: readonly PeerSample[]): ReadonlyMap<string, readonly PeerSample[]> {
  const groups = new Map<string, PeerSample[]>();
  for (const sample of samples) {
    const group = groups.get(sample.peer);
    if (group === undefined) groups.set(sample.peer, [sample]);
    else group.push(sample);
  }
  return groups;
}

/** All that each peer sent and received, for announces after its last sample. */
function movedTotals({ record }: Evidence): ReadonlyMap<string, Moved> {
  const totals = new Map<string, Moved>();
  const add = (name: string, more: Partial<Moved>): void => {
    const { bytesUp, bytesDown } = totals.get(name) ?? nothing;
    totals.set(name, {
      bytesUp: bytesUp + (more.bytesUp ?? 0),
      bytesDown: bytesDown + (more.bytesDown ?? 0),
    });
  };
  for (const { from, to, bytesSent, bytesReceived } of record.transfers) {
    add(from, { bytesUp: bytesSent });
    add(to, { bytesDown: bytesReceived });
  }
  return totals;
}
