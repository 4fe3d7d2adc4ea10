/** Expectations about what becomes of hostile peers. */
import type { Evidence } from '../evidence.ts';
import type { Expectation } from '../expectation.ts';
import { meetingsOf } from '../meetings.ts';
import { type Claim, type Finding, isFinding, ofEach, taking } from './finding.ts';

export function disconnected(
  { disconnected: who, by, within }: Claim<Expectation, 'disconnected'>,
  evidence: Evidence,
): Finding {
  const judges = taking(evidence, by);
  if (isFinding(judges)) return judges;
  let ended = 0;
  let longest = 0;
  const wrong = (name: string): string | undefined => {
    const meetings = meetingsOf(name, evidence).filter(({ other }) => judges.includes(other));
    const long = meetings.find(({ lasted }) => lasted > within);
    if (long !== undefined) return `${long.other} bore with ${name} for ${long.lasted} ms`;
    const over = meetings.filter(({ wasEnded }) => wasEnded);
    if (over.length === 0) return `nobody of ${by} hung up on ${name}`;
    ended += over.length;
    longest = Math.max(longest, ...over.map(({ lasted }) => lasted));
    return undefined;
  };
  return ofEach(
    evidence,
    who,
    wrong,
    () => `${ended} connections ended, after ${longest} ms at most`,
  );
}
