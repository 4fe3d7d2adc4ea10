/** Expectations about how peers treat each other, and whether they last. */
import { crashTypes } from '../action.ts';
import type { Evidence } from '../evidence.ts';
import type { Expectation } from '../expectation.ts';
import { type Claim, type Finding, broken, isFinding, ofEach, taking } from './finding.ts';

export const becomesSeeder = (
  { becomesSeeder: who }: Claim<Expectation, 'becomesSeeder'>,
  evidence: Evidence,
): Finding =>
  ofEach(
    evidence,
    who,
    (name) => {
      const spans = evidence.spans.filter(({ peer }) => peer === name);
      if (!spans.some(({ state }) => state === 'leecher')) return `${name} was never a leecher`;
      const seeds = spans.find(({ state }) => state === 'seeder');
      if (seeds === undefined) return `${name} never held everything`;
      const gave = evidence
        .eventsOf(name)
        .some(({ type, at }) => type === 'served' && at >= seeds.from);
      return gave ? undefined : `${name} served nothing once it held everything`;
    },
    (count) => `${count} served after they had completed`,
  );

export function banned(
  { banned: who, by, atLeast = 1 }: Claim<Expectation, 'banned'>,
  evidence: Evidence,
): Finding {
  const judges = taking(evidence, by);
  if (isFinding(judges)) return judges;
  const wrong = (name: string): string | undefined => {
    const count = bannedBy(name, judges, evidence).length;
    return count >= atLeast
      ? undefined
      : `${name} was banned by ${count} of ${judges.length}, at least ${atLeast}`;
  };
  return ofEach(evidence, who, wrong, (count) => `${count} banned by ${atLeast} or more`);
}

export const notBanned = (
  { notBanned: who }: Claim<Expectation, 'notBanned'>,
  evidence: Evidence,
): Finding =>
  ofEach(
    evidence,
    who,
    (name) => {
      const everyone = evidence.record.peers.map((peer) => peer.name);
      const [judge] = bannedBy(name, everyone, evidence);
      return judge === undefined ? undefined : `${name} was banned by ${judge}`;
    },
    (count) => `none of ${count} was banned`,
  );

const bannedBy = (name: string, judges: readonly string[], evidence: Evidence): readonly string[] =>
  judges.filter((judge) =>
    evidence
      .eventsOf(judge)
      .some((event) => event.type === 'banned' && evidence.nameAt(event.address) === name),
  );

export function nobodyLost(
  { nobodyLost: who }: Claim<Expectation, 'nobodyLost'>,
  evidence: Evidence,
): Finding {
  const group = taking(evidence, who);
  if (isFinding(group)) return group;
  const staying = group.filter((name) => {
    const order = evidence.actionsOn(name, 'join', 'restart', 'leave', ...crashTypes).at(-1)
      ?.action.type;
    return order === 'join' || order === 'restart';
  });
  if (staying.length === 0) return broken(`all of ${who} were told to go`);
  const wrong = (name: string): string | undefined =>
    !staying.includes(name) || evidence.last(name)?.isUp === true
      ? undefined
      : `${name} is gone, and nobody told it to go`;
  return ofEach(evidence, who, wrong, () => `${staying.length} are up at the end`);
}

export function connectionsAtMost(
  { connectionsAtMost: limit, of }: Claim<Expectation, 'connectionsAtMost'>,
  evidence: Evidence,
): Finding {
  const group = new Set(evidence.called(of));
  const peaks = new Map<string, number>();
  for (const { peer, connections } of evidence.record.samples) {
    if (group.has(peer)) peaks.set(peer, Math.max(peaks.get(peer) ?? 0, connections));
  }
  const wrong = (name: string): string | undefined => {
    const peak = peaks.get(name) ?? 0;
    return peak > limit ? `${name} had ${peak} connections` : undefined;
  };
  const most = Math.max(0, ...peaks.values());
  return ofEach(evidence, of, wrong, () => `${most} at most`);
}
