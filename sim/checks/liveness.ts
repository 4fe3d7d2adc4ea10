/** Liveness: after the last fault is healed everybody who can finish does, within the scenario's bound. */
import { type Evidence, wantedPieces } from '../evidence.ts';
import type { PeerSpec } from '../plan.ts';
import type { CheckResult } from '../record.ts';
import { grouped, verdict } from './verdict.ts';

/**
 * Who can finish: a peer that is up at the end and wants only pieces that it holds or that somebody else who is up, and
 * serves whole blocks, holds. The bound counts from the last disturbance, or from its own last joining.
 */
export function liveness(evidence: Evidence): CheckResult {
  const { record } = evidence;
  const up = record.header.plan.peers.filter(({ name }) => evidence.last(name)?.isUp === true);
  const able = up.filter((peer) => canFinish(peer, up, evidence));
  const wrong = able.flatMap((peer) => late(peer, evidence) ?? []);
  const stuck = up.filter((peer) => !able.includes(peer) && !isComplete(peer, evidence));
  const kept = `${able.length} could finish and did in time; ${stuck.length} could not${stuckOn(stuck, up, evidence)}`;
  if (record.peers.length === 0) wrong.push('nobody took part');
  return verdict('liveness', wrong, kept);
}

const isComplete = ({ name }: PeerSpec, evidence: Evidence): boolean =>
  evidence.last(name)?.isComplete === true;

function canFinish(peer: PeerSpec, up: readonly PeerSpec[], evidence: Evidence): boolean {
  return (
    isComplete(peer, evidence) ||
    peer.contents.every(({ content }) => missing(peer, content, { up, evidence }).length === 0)
  );
}

type Swarm = { readonly up: readonly PeerSpec[]; readonly evidence: Evidence };

/** Pieces it wants and nobody can give it. */
export function missing(
  peer: PeerSpec,
  content: number,
  { up, evidence }: Swarm,
): readonly number[] {
  const facts = evidence.record.contents[content];
  if (facts === undefined) return [];
  const wants = peer.contents.find((part) => part.content === content)?.wants;
  const givers = up.filter((other) => other === peer || gives(other));
  const held = givers.map(({ name }) => evidence.held(name, content));
  return [...wantedPieces(facts, wants)].filter(
    (piece) => !held.some((pieces) => pieces.has(piece)),
  );
}

/** Not so a peer that spoils every block, or that has no upload slot. */
const gives = ({ corrupt, options }: PeerSpec): boolean =>
  corrupt !== 'always' && !(options.uploadSlots === 0 && options.optimisticSlots === 0);

function late(peer: PeerSpec, evidence: Evidence): string | undefined {
  const { record } = evidence;
  const { settleWithin } = record.header.plan;
  const from = Math.max(lastDisturbance(evidence), joinedLast(peer, evidence));
  const due = from + settleWithin;
  const completedAt = evidence.completedAt(peer.name);
  if (isComplete(peer, evidence)) {
    if (completedAt === undefined || completedAt <= due) return undefined;
    return `${peer.name} completed at ${grouped(completedAt)} ms, due at ${grouped(due)} ms`;
  }
  // Nobody waited until it was due: the scenario's time was up, or somebody asked for the end.
  if (record.end.at < due && (record.end.interrupted || from > record.header.plan.faultsUntil)) {
    return undefined;
  }
  return `${peer.name} could have completed by ${grouped(due)} ms but did not`;
}

const joinedLast = ({ name }: PeerSpec, evidence: Evidence): number =>
  evidence.actionsOn(name, 'join', 'restart').at(-1)?.at ?? 0;

/** Who joins with nothing keeps nobody from finishing; everything else that is done may, or brings what was missing. */
const lastDisturbance = (evidence: Evidence): number =>
  Math.max(
    0,
    ...evidence.record.actions
      .filter(({ action }) => action.type !== 'join' || bringsPieces(action.peer, evidence))
      .map(({ at }) => at),
  );

const bringsPieces = (name: string, evidence: Evidence): boolean =>
  evidence.spec(name)?.contents.some(({ has }) => has !== 'nothing') ?? false;

function stuckOn(stuck: readonly PeerSpec[], up: readonly PeerSpec[], evidence: Evidence): string {
  const pieces = new Set(
    stuck.flatMap((peer) =>
      peer.contents.flatMap(({ content }) => missing(peer, content, { up, evidence })),
    ),
  );
  if (pieces.size === 0) return '';
  const first = [...pieces].sort((a, b) => a - b).slice(0, 10);
  return `: nobody holds ${pieces.size} pieces (${first.join(', ')}${pieces.size > 10 ? ', ...' : ''})`;
}
