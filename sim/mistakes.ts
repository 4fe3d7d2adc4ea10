/** Turns what zod found into mistakes that a person can act on: one each, with the path to the very key. */
import type { z } from 'zod';
import { nearest } from './nearest.ts';
import type { Mistake } from './scenario-error.ts';

type Issue = z.core.$ZodIssue;
type Path = readonly (string | number)[];

export const mistakesOf = (issues: readonly Issue[]): readonly Mistake[] =>
  issues.flatMap((issue) => mistakes(issue, []));

function mistakes(issue: Issue, above: Path): readonly Mistake[] {
  const path = [...above, ...issue.path.map((key) => (typeof key === 'symbol' ? '?' : key))];
  switch (issue.code) {
    case 'invalid_union':
      return ofUnion(issue, path);
    case 'unrecognized_keys':
      return issue.keys.map((key, i) => ({
        path: [...path, key],
        what: ofKey(issue.message, i),
        about: 'key',
      }));
    case 'invalid_key':
      return issue.issues.map((inner) => ({ path, what: inner.message, about: 'key' }));
    case 'invalid_value':
      return [issue.input === undefined ? missing(path, issue) : { path, what: ofValue(issue) }];
    case 'invalid_type':
      return [issue.input === undefined ? missing(path, issue) : { path, what: issue.message }];
    case 'custom':
      return [{ path, what: issue.message, ...offsetOf(issue.params) }];
    default:
      return [{ path, what: issue.message }];
  }
}

/** `exactly` tells each unknown key in a sentence of its own. */
function ofKey(message: string, index: number): string {
  const sentences = JSON.parse(message) as readonly string[];
  return sentences[index] ?? message;
}

function missing(path: Path, issue: Issue): Mistake {
  const expected = issue.message.startsWith('expected') ? `, ${issue.message}` : '';
  const what = `'${path.at(-1) ?? 'scenario'}' is missing${expected}`;
  return { path, what, about: 'absence' };
}

function ofValue(issue: z.core.$ZodIssueInvalidValue): string {
  const words = issue.values.map(String);
  if (words.length === 1) return `expected ${words[0]}`;
  return `'${String(issue.input)}' is none of these${nearest(String(issue.input), words)}`;
}

function offsetOf(params: Record<string, unknown> | undefined): { offset?: number } {
  const offset = params?.['offset'];
  return typeof offset === 'number' ? { offset } : {};
}

/**
 * Of a union the author meant one branch: the one whose required keys are there. Only its mistakes are told.
 * When no branch fits, the words it could have been are.
 */
function ofUnion(issue: z.core.$ZodIssueInvalidUnion, path: Path): readonly Mistake[] {
  const branches = issue.errors.filter((branch) => !isOfOtherType(branch));
  if (issue.input === undefined) return [missing(path, issue)];
  if (branches.length === 0) return [{ path, what: expectedOf(issue) }];
  const fitting = branches.filter((branch) => absentKeys(branch).length === 0);
  const [best] = fitting.sort((a, b) => a.length - b.length);
  if (best !== undefined) return best.flatMap((inner) => mistakes(inner, path));
  if (branches.length === 1) return (branches[0] ?? []).flatMap((inner) => mistakes(inner, path));
  return noBranch(issue, branches, path);
}

/** A word where a table is wanted, or a table where a word is. */
const isOfOtherType = ([only, second]: readonly Issue[]): boolean =>
  only !== undefined &&
  second === undefined &&
  only.path.length === 0 &&
  (only.code === 'invalid_type' ||
    (only.code === 'invalid_value' && typeof only.input === 'object'));

/** Required keys the author did not write. */
const absentKeys = (branch: readonly Issue[]): readonly string[] =>
  branch
    .filter((inner) => inner.path.length === 1 && inner.input === undefined && isAbsence(inner))
    .map((inner) => String(inner.path[0]));

const isAbsence = ({ code }: Issue): boolean =>
  code === 'invalid_type' || code === 'invalid_value' || code === 'invalid_union';

function noBranch(
  issue: z.core.$ZodIssueInvalidUnion,
  branches: readonly (readonly Issue[])[],
  path: Path,
): readonly Mistake[] {
  const verbs = [...new Set(branches.flatMap((branch) => absentKeys(branch)))];
  const written = Object.keys(typeof issue.input === 'object' && issue.input ? issue.input : {});
  // The key that no branch knows is the misspelt one.
  const unknown = written.find((key) => branches.every((branch) => isUnknownIn(branch, key)));
  if (unknown !== undefined) {
    return [
      {
        path: [...path, unknown],
        what: `unknown key '${unknown}'${nearest(unknown, verbs)}`,
        about: 'key',
      },
    ];
  }
  // A key that tells the branches apart says which one was begun; its fellows are what is missing.
  const telling = written.find((key) => branches.some((branch) => isUnknownIn(branch, key)));
  const begun = branches.find((branch) => telling !== undefined && !isUnknownIn(branch, telling));
  if (begun !== undefined) return begun.flatMap((inner) => mistakes(inner, path));
  return [{ path, what: `expected one of ${verbs.join(', ')}` }];
}

const unknownKeys = (branch: readonly Issue[]): readonly string[] =>
  branch.flatMap((inner) => (inner.code === 'unrecognized_keys' ? inner.keys : []));

const isUnknownIn = (branch: readonly Issue[], key: string): boolean =>
  unknownKeys(branch).includes(key);

function expectedOf(issue: z.core.$ZodIssueInvalidUnion): string {
  if (issue.message.startsWith('expected')) return issue.message;
  return `${JSON.stringify(issue.input)} is not what belongs here`;
}
