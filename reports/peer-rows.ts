/** What the reports say of each peer, worked out once for all of them. */
import { endpointKey } from '../core/torrent/ids.ts';
import { Evidence } from '../sim/evidence.ts';
import type { PeerSample, RunRecord } from '../sim/record.ts';

export type PeerRow = {
  readonly name: string;
  readonly role: string;
  readonly address: string | undefined;
  readonly joinedMs: number | undefined;
  /** Its first verified piece. */
  readonly firstPieceMs: number | undefined;
  readonly completedMs: number | undefined;
  readonly bytesDown: number;
  readonly bytesUp: number;
  readonly meanDownBytesPerSec: number;
  readonly peakDownBytesPerSec: number;
  readonly meanUpBytesPerSec: number;
  readonly peakUpBytesPerSec: number;
  readonly bytesWasted: number;
  /** Bytes up for each byte down; undefined when nothing came down. */
  readonly ratio: number | undefined;
  readonly isComplete: boolean;
  readonly isVerified: boolean;
};

/** A row for each peer of the plan, in its order. */
export function peerRows(record: RunRecord): readonly PeerRow[] {
  const evidence = new Evidence(record);
  const samples = new Map<string, PeerSample[]>();
  for (const sample of record.samples) {
    const group = samples.get(sample.peer);
    if (group === undefined) samples.set(sample.peer, [sample]);
    else group.push(sample);
  }
  return record.peers.map((peer) => rowOf(peer, samples.get(peer.name) ?? [], evidence));
}

function rowOf(
  { name, role, address }: RunRecord['peers'][number],
  samples: readonly PeerSample[],
  evidence: Evidence,
): PeerRow {
  const last = samples.at(-1) ?? unseen;
  const joinedMs = evidence.joinedAt(name);
  const completedMs = evidence.completedAt(name);
  const lastUpMs = samples.findLast(({ isUp }) => isUp)?.at ?? 0;
  const since = joinedMs ?? 0;
  const first = evidence.eventsOf(name).find(({ type }) => type === 'piece-verified');
  return {
    name,
    role,
    address: address === undefined ? undefined : endpointKey(address),
    joinedMs,
    firstPieceMs: first?.at,
    completedMs,
    bytesDown: last.bytesDown,
    bytesUp: last.bytesUp,
    meanDownBytesPerSec: perSec(last.bytesDown, (completedMs ?? lastUpMs) - since),
    peakDownBytesPerSec: peak(samples.map(({ downBytesPerSec }) => downBytesPerSec)),
    meanUpBytesPerSec: perSec(last.bytesUp, lastUpMs - since),
    peakUpBytesPerSec: peak(samples.map(({ upBytesPerSec }) => upBytesPerSec)),
    bytesWasted: last.bytesWasted,
    ratio: last.bytesDown === 0 ? undefined : last.bytesUp / last.bytesDown,
    isComplete: last.isComplete,
    isVerified: evidence.isVerified(name),
  };
}

/** Of a peer that never joined. */
const unseen = { bytesDown: 0, bytesUp: 0, bytesWasted: 0, isComplete: false };

const perSec = (bytes: number, ms: number): number =>
  ms > 0 ? Math.round((bytes * 1_000) / ms) : 0;

const peak = (rates: readonly number[]): number =>
  Math.round(rates.reduce((most, rate) => Math.max(most, rate), 0));
