/** Expectations about data: what is on disk, what stopped it from getting there, what the swarm as a whole lacks. */
import type { Evidence } from '../evidence.ts';
import type { Expectation } from '../expectation.ts';
import { type Claim, type Finding, broken, ofEach, unless } from './finding.ts';

export const pausesBecause = (
  { pausesBecause: code, of }: Claim<Expectation, 'pausesBecause'>,
  evidence: Evidence,
): Finding =>
  ofEach(
    evidence,
    of,
    (name) => {
      const did = evidence
        .eventsOf(name)
        .some((event) => event.type === 'paused' && event.reason.code === code);
      return did ? undefined : `${name} did not pause for ${code}`;
    },
    (count) => `${count} paused`,
  );

export const hasOnlyWantedFiles = (
  { hasOnlyWantedFiles: who }: Claim<Expectation, 'hasOnlyWantedFiles'>,
  evidence: Evidence,
): Finding =>
  ofEach(
    evidence,
    who,
    (name) => {
      if (!evidence.isVerified(name)) return `${name} lacks files that it wants`;
      const wants = evidence.spec(name)?.contents.flatMap((part) => part.wants ?? []) ?? [];
      if (wants.length === 0) return `${name} wants everything`;
      const extra = evidence.record.files.find(
        (found) => found.peer === name && !found.isPartial && !wants.includes(found.path),
      );
      return extra === undefined ? undefined : `${name} has ${extra.path}, which it did not want`;
    },
    (count) => `${count} have what they wanted and no more`,
  );

export function swarmMisses(
  { swarmMisses: expected, content = 0 }: Claim<Expectation, 'swarmMisses'>,
  evidence: Evidence,
): Finding {
  const facts = evidence.record.contents[content];
  const up = evidence.record.peers.filter(({ name }) => evidence.last(name)?.isUp === true);
  if (facts === undefined || up.length === 0) return broken('nobody is left to hold anything');
  const held = up.map(({ name }) => evidence.held(name, content));
  const missing = Array.from({ length: facts.pieceCount }, (_, piece) => piece).filter(
    (piece) => !held.some((pieces) => pieces.has(piece)),
  );
  const told = missing.length === 0 ? 'every piece is there' : `nobody holds ${list(missing)}`;
  if (expected === 'nothing') return unless(missing.length === 0 ? [] : [told], told);
  if (expected === 'something') return unless(missing.length > 0 ? [] : [told], told);
  const there = expected.filter((piece) => !missing.includes(piece));
  return unless(there.length === 0 ? [] : [`somebody holds ${list(there)}`], told);
}

const list = (pieces: readonly number[]): string =>
  pieces.length > 10
    ? `pieces ${pieces.slice(0, 10).join(', ')} and ${pieces.length - 10} more`
    : `pieces ${pieces.join(', ')}`;
