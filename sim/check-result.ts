/** What a check comes to: a file of its own, since worlds and records both have them. */

/** One claim and whether it held, with the facts that decided it. */
export type CheckResult = {
  readonly name: string;
  readonly held: boolean;
  readonly detail: string;
};
