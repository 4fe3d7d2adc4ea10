/** What an expectation came to, and the rule that none holds of nobody. */
import type { Evidence } from '../evidence.ts';

export type Finding = { readonly held: boolean; readonly detail: string };

/** The expectation that has this claim. */
export type Claim<All, Key extends string> = Extract<All, Readonly<Record<Key, unknown>>>;

export const held = (detail: string): Finding => ({ held: true, detail });
export const broken = (detail: string): Finding => ({ held: false, detail });

/** More examples than this bury the first, which is the one to look at. */
const mostTold = 3;

/** Broken when anything is wrong, with the first few of it. */
export function unless(wrong: readonly string[], kept: string): Finding {
  if (wrong.length === 0) return held(kept);
  const more = wrong.length > mostTold ? `; and ${wrong.length - mostTold} more` : '';
  return broken(wrong.slice(0, mostTold).join('; ') + more);
}

/** Those of a group that joined; a finding when there are none, for of nobody nothing is true. */
export function taking(evidence: Evidence, who: string): readonly string[] | Finding {
  const joined = evidence.called(who).filter((name) => evidence.joinedAt(name) !== undefined);
  return joined.length > 0 ? joined : broken(`nobody called '${who}' took part`);
}

/** Judges every member of a group: `wrong` says what is wrong with one, and `kept` what is to be said of so many good ones. */
export function ofEach(
  evidence: Evidence,
  who: string,
  wrong: (name: string) => string | undefined,
  kept: (count: number) => string,
): Finding {
  const group = evidence.called(who);
  if (group.length === 0 || isFinding(taking(evidence, who)))
    return broken(`nobody called '${who}' took part`);
  const faults = group.flatMap((name) => wrong(name) ?? []);
  return unless(faults, kept(group.length));
}

export const isFinding = (found: readonly string[] | Finding): found is Finding => 'held' in found;

/** `12 %`, with a digit more below ten. */
export const percent = (share: number): string => `${(share * 100).toFixed(share < 0.1 ? 1 : 0)} %`;
