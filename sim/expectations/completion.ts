/** Expectations about who completes, when, and at what cost. */
import type { Instant } from '../../core/time.ts';
import { crashTypes } from '../action.ts';
import { bitsOf } from '../bits.ts';
import { type Evidence, wantedPieces } from '../evidence.ts';
import type { Expectation } from '../expectation.ts';
import type { Action, ContentFacts } from '../world.ts';
import { grouped } from '../checks/verdict.ts';
import {
  type Claim,
  type Finding,
  broken,
  isFinding,
  ofEach,
  percent,
  taking,
  unless,
} from './finding.ts';

export function everyoneCompletes(
  { everyoneCompletes: who, within, orLeaves }: Claim<Expectation, 'everyoneCompletes'>,
  evidence: Evidence,
): Finding {
  const isExcused = (name: string): boolean =>
    orLeaves === true && wentBeforeCompleting(name, evidence);
  const counted = evidence.called(who).filter((name) => !isExcused(name));
  if (counted.length === 0) return broken(`nobody called '${who}' stayed`);
  const wrong = (name: string): string | undefined => {
    if (isExcused(name)) return undefined;
    const took = timeTaken(name, evidence);
    if (took === undefined) return `${name} did not complete`;
    if (!evidence.isVerified(name)) return `${name} completed, but its files are not the source's`;
    if (within !== undefined && took > within)
      return `${name} took ${grouped(took)} ms, at most ${grouped(within)}`;
    return undefined;
  };
  const slowest = Math.max(...counted.map((name) => timeTaken(name, evidence) ?? 0));
  return ofEach(
    evidence,
    who,
    wrong,
    () => `${counted.length} completed, the slowest in ${grouped(slowest)} ms`,
  );
}

function wentBeforeCompleting(name: string, evidence: Evidence): boolean {
  const went = evidence.actionsOn(name, 'leave', ...crashTypes)[0]?.at;
  return went !== undefined && went < (evidence.completedAt(name) ?? Infinity);
}

function timeTaken(name: string, evidence: Evidence): number | undefined {
  const completedAt = evidence.completedAt(name);
  const joinedAt = evidence.joinedAt(name);
  return completedAt === undefined || joinedAt === undefined ? undefined : completedAt - joinedAt;
}

export const nobodyCompletes = (
  { nobodyCompletes: who }: Claim<Expectation, 'nobodyCompletes'>,
  evidence: Evidence,
): Finding =>
  ofEach(
    evidence,
    who,
    (name) => (evidence.completedAt(name) === undefined ? undefined : `${name} completed`),
    (count) => `none of ${count} completed`,
  );

export function completesAfter(
  { completesAfter: who, action, before }: Claim<Expectation, 'completesAfter'>,
  evidence: Evidence,
): Finding {
  const from = firstAt(evidence, action, 0 as Instant);
  if (from === undefined) return broken(`there was no ${action}`);
  const until = before === undefined ? (Infinity as Instant) : firstAt(evidence, before, from);
  if (until === undefined) return broken(`there was no ${before ?? ''} after it`);
  const wrong = (name: string): string | undefined => {
    const at = evidence.completedAt(name);
    if (at === undefined) return `${name} did not complete`;
    if (at < from) return `${name} had completed ${grouped(from - at)} ms before the ${action}`;
    return at > until
      ? `${name} completed ${grouped(at - until)} ms after the ${before ?? ''}`
      : undefined;
  };
  return ofEach(
    evidence,
    who,
    wrong,
    (count) => `${count} completed after the ${action} at ${grouped(from)} ms`,
  );
}

/** When the action was first done, not before `from`. */
export const firstAt = (
  { record }: Evidence,
  type: Action['type'],
  from: Instant,
): Instant | undefined =>
  record.actions.find(({ at, action }) => action.type === type && at >= from)?.at;

export function slower(
  { slower: who, than, ratio }: Claim<Expectation, 'slower'>,
  evidence: Evidence,
): Finding {
  const [slow, fast] = [taking(evidence, who), taking(evidence, than)];
  if (isFinding(slow)) return slow;
  if (isFinding(fast)) return fast;
  const incomplete = fast.find((name) => timeTaken(name, evidence) === undefined);
  if (incomplete !== undefined) return broken(`${incomplete} did not complete`);
  const mean = (names: readonly string[]): number =>
    names.reduce((sum, name) => sum + (timeTaken(name, evidence) ?? untilEnd(name, evidence)), 0) /
    names.length;
  const [a, b] = [mean(slow), mean(fast)];
  const told = `${who} took ${grouped(a)} ms on average, ${than} ${grouped(b)} ms`;
  return unless(a >= ratio * b ? [] : [`${told}: less than ${ratio} times`], told);
}

const untilEnd = (name: string, { record, joinedAt }: Evidence): number =>
  record.end.at - (joinedAt(name) ?? 0);

export function resumes(
  { resumes: who, refetchesAtMost }: Claim<Expectation, 'resumes'>,
  evidence: Evidence,
): Finding {
  const wrong = (name: string): string | undefined => {
    const restart = evidence.actionsOn(name, 'restart')[0]?.at;
    if (restart === undefined) return `${name} was not restarted`;
    const before = evidence
      .eventsOf(name)
      .some(({ type, at }) => type === 'piece-verified' && at < restart);
    if (!before) return `${name} had nothing to lose when it went`;
    if (!evidence.isVerified(name)) return `${name} did not complete`;
    const { wanted, lacking } = needs(name, evidence);
    const fetched = evidence.record.transfers
      .filter(({ to }) => to === name)
      .reduce((sum, { bytesReceived }) => sum + bytesReceived, 0);
    const again = Math.max(0, fetched - lacking);
    if (again <= refetchesAtMost * wanted) return undefined;
    return `${name} fetched ${grouped(again)} bytes again, ${percent(again / wanted)} of the content`;
  };
  return ofEach(evidence, who, wrong, (count) => `${count} went on from where they were`);
}

/** The bytes a peer wants, and those of them it lacked when it first joined. */
function needs(
  name: string,
  evidence: Evidence,
): { readonly wanted: number; readonly lacking: number } {
  let wanted = 0;
  let lacking = 0;
  for (const { content, wants } of evidence.spec(name)?.contents ?? []) {
    const facts = evidence.record.contents[content];
    if (facts === undefined) continue;
    const opened = evidence
      .eventsOf(name)
      .find((event) => event.type === 'opened' && evidence.contentOf(event) === content);
    const brought = new Set(opened?.type === 'opened' ? bitsOf(opened.have) : []);
    for (const piece of wantedPieces(facts, wants)) {
      const bytes = lengthOf(facts, piece);
      wanted += bytes;
      if (!brought.has(piece)) lacking += bytes;
    }
  }
  return { wanted, lacking };
}

const lengthOf = ({ length, pieceLength }: ContentFacts, piece: number): number =>
  Math.min(pieceLength, length - piece * pieceLength);
