/** How scenarios call peers: `leecher-3`, `leecher` or `leechers`, `any leecher`. */
import { nearest } from './nearest.ts';

/** One peer (`leecher-3`), every member of a group (`leecher`, `leechers`), or one member drawn by the plan (`any leecher`). */
export type Who<Role extends string = string> =
  Role | `${Role}s` | `${Role}-${number}` | `any ${Role}`;

/** The groups of a scenario: role and count. */
export type Roles = ReadonlyMap<string, number>;

export type Called = {
  readonly role: string;
  /** `any`: one of them. Which one is drawn by the plan, or left open by a condition. */
  readonly quantifier: 'all' | 'any';
  /** In order; every member of the group unless one was named. */
  readonly names: readonly string[];
};

/** Who is meant, or, as text, what is wrong with it. */
export function parseWho(text: string, roles: Roles): Called | string {
  const any = text.startsWith('any ');
  const word = any ? text.slice(4).trim() : text.trim();
  const role = roles.has(word) ? word : singular(word, roles);
  if (role !== undefined) {
    return { role, quantifier: any ? 'any' : 'all', names: namesIn(role, roles.get(role) ?? 0) };
  }
  const [, base, digits] = /^(.+)-(\d+)$/.exec(word) ?? [];
  if (base !== undefined && roles.has(base) && !any) return member(base, Number(digits), roles);
  return `no such role: '${word}'${nearest(word, [...roles.keys()])}`;
}

/** `leecher-0`, `leecher-1` and so on. */
export const namesIn = (role: string, count: number): readonly string[] =>
  Array.from({ length: count }, (_, index) => `${role}-${index}`);

function singular(word: string, roles: Roles): string | undefined {
  const stem = word.endsWith('s') ? word.slice(0, -1) : undefined;
  return stem !== undefined && roles.has(stem) ? stem : undefined;
}

function member(role: string, index: number, roles: Roles): Called | string {
  const count = roles.get(role) ?? 0;
  if (index < count) return { role, quantifier: 'all', names: [`${role}-${index}`] };
  return `no such peer: '${role}-${index}', ${role} has ${count} ${count === 1 ? 'member' : 'members'} (from 0)`;
}
