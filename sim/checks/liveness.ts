/** Liveness: after the last fault is healed everybody who can finish does, within the scenario's bound. */
import { type Evidence, wantedPieces } from '../evidence.ts';
import type { PeerSpec } from '../plan.ts';
import type { CheckResult } from '../record.ts';
import { grouped, verdict } from './verdict.ts';

/**
 * Who can finish: a peer that is up at the end and wants only pieces that it holds or that somebody else who is up, and
 * serves whole blocks, holds. Who spoils blocks gets nothing from those that have banned it for that. Of hostile peers nothing
 * is expected. The bound counts from the last disturbance, or from its own last joining.
 */
export function liveness(evidence: Evidence): CheckResult {
  const { record } = evidence;
  const up = record.header.plan.peers.filter(
    ({ name }) => evidence.isHonest(name) && evidence.last(name)?.isUp === true,
  );
  const all = new Supply(up, evidence);
  const supplyFor: SupplyFor = (peer) => {
    if (!spoils(peer, evidence)) return all;
    const others = up.filter(({ name }) => !hasBanned(name, peer.name, evidence));
    return new Supply(others, evidence);
  };
  const incomplete = up.filter((peer) => !isComplete(peer, evidence));
  const stuck = new Set(
    incomplete.filter(
      (peer) => supplyFor(peer).missing(peer).length > 0 || hasNoDisk(peer, evidence),
    ),
  );
  const able = up.filter((peer) => !stuck.has(peer));
  const disturbed = lastDisturbance(evidence);
  const wrong = able.flatMap((peer) => late(peer, disturbed, evidence) ?? []);
  const kept = `${able.length} could finish and did in time; ${stuck.size} could not${stuckOn([...stuck], supplyFor)}`;
  if (record.peers.length === 0) wrong.push('nobody took part');
  return verdict('liveness', wrong, kept);
}

const isComplete = ({ name }: PeerSpec, evidence: Evidence): boolean =>
  evidence.last(name)?.isComplete === true;

/** What those who give hold of one content, told apart by whether others can connect to them. */
type Held = {
  readonly open: ReadonlySet<number>;
  readonly natted: ReadonlySet<number>;
  /** Wanted by somebody to whom others can connect: of two behind NATs neither can reach the other, so one between them has to pass a piece on. */
  readonly passedOn: ReadonlySet<number>;
};

/** What there is to be had at the end of a run. */
class Supply {
  readonly #evidence: Evidence;
  readonly #held: readonly Held[];

  constructor(up: readonly PeerSpec[], evidence: Evidence) {
    this.#evidence = evidence;
    const givers = up.filter((peer) => gives(peer, evidence));
    const natted = givers.filter(({ isNatted }) => isNatted === true);
    const open = givers.filter(({ isNatted }) => isNatted !== true);
    this.#held = evidence.record.contents.map((_, content) => ({
      open: union(open, (giver) => evidence.held(giver.name, content)),
      natted: union(natted, (giver) => evidence.held(giver.name, content)),
      passedOn: union(open, (giver) => this.#wanted(giver, content)),
    }));
  }

  /** Pieces the peer wants and nobody can give it. */
  missing(peer: PeerSpec): readonly number[] {
    return peer.contents.flatMap(({ content }) => {
      const own = this.#evidence.held(peer.name, content);
      return [...this.#wanted(peer, content)].filter(
        (piece) => !own.has(piece) && !this.#canReach(peer, content, piece),
      );
    });
  }

  #canReach({ isNatted }: PeerSpec, content: number, piece: number): boolean {
    const held = this.#held[content];
    if (held === undefined || held.open.has(piece)) return held !== undefined;
    return held.natted.has(piece) && (isNatted !== true || held.passedOn.has(piece));
  }

  #wanted({ contents }: PeerSpec, content: number): ReadonlySet<number> {
    const facts = this.#evidence.record.contents[content];
    const part = contents.find((one) => one.content === content);
    return facts === undefined || part === undefined ? new Set() : wantedPieces(facts, part.wants);
  }
}

function union(
  peers: readonly PeerSpec[],
  pieces: (peer: PeerSpec) => ReadonlySet<number>,
): ReadonlySet<number> {
  const all = new Set<number>();
  for (const peer of peers) for (const piece of pieces(peer)) all.add(piece);
  return all;
}

/** Its disk is full or broken, and nobody has put it right. */
const hasNoDisk = ({ name }: PeerSpec, evidence: Evidence): boolean => {
  const last = evidence.actionsOn(name, 'disk-full', 'disk-error', 'disk-heal').at(-1);
  return last !== undefined && last.action.type !== 'disk-heal';
};

/** Not so a peer that spoils blocks, now or at any time: it may be banned for it. Nor one that has no upload slot. */
const gives = (peer: PeerSpec, evidence: Evidence): boolean => {
  const { optimisticSlots, uploadSlots } = peer.options;
  return !spoils(peer, evidence) && !(uploadSlots === 0 && optimisticSlots === 0);
};

const spoils = ({ name, corrupt }: PeerSpec, evidence: Evidence): boolean =>
  corrupt !== 'never' || evidence.actionsOn(name, 'corrupt').length > 0;

const hasBanned = (judge: string, banned: string, evidence: Evidence): boolean =>
  evidence
    .eventsOf(judge)
    .some((event) => event.type === 'banned' && evidence.nameAt(event.address) === banned);

function late(peer: PeerSpec, disturbed: number, evidence: Evidence): string | undefined {
  const { record } = evidence;
  const { settleWithin } = record.header.plan;
  const from = Math.max(disturbed, joinedLast(peer, evidence));
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
  evidence.record.actions
    .filter(({ action }) => action.type !== 'join' || bringsPieces(action.peer, evidence))
    .reduce((last, { at }) => Math.max(last, at), 0);

const bringsPieces = (name: string, evidence: Evidence): boolean =>
  evidence.spec(name)?.contents.some(({ has }) => has !== 'nothing') ?? false;

type SupplyFor = (peer: PeerSpec) => Supply;

function stuckOn(stuck: readonly PeerSpec[], supplyFor: SupplyFor): string {
  const pieces = new Set(stuck.flatMap((peer) => supplyFor(peer).missing(peer)));
  if (pieces.size === 0) return '';
  const first = [...pieces].sort((a, b) => a - b).slice(0, 10);
  return `: nobody holds ${pieces.size} pieces (${first.join(', ')}${pieces.size > 10 ? ', ...' : ''})`;
}
