/** A deliberate fault: what a patch replaces in one file of core. */
import type { Focus } from '../../../sim/fuzz/features.ts';

export type Fault = {
  readonly name: string;
  /** What the peer, or the tracker, does wrong because of it. */
  readonly story: string;
  /** Where it is most likely to show: which hunt is tried first. */
  readonly focus: Focus;
  /** Under core/. */
  readonly file: string;
  /** Stands exactly once in the file. */
  readonly find: string;
  readonly replace: string;
};

/** The text with the fault in it. Throws when the place is not there, or not the only one. */
export function planted({ name, file, find, replace }: Fault, text: string): string {
  const parts = text.split(find);
  if (parts.length !== 2)
    throw new Error(`${name}: its place stands ${parts.length - 1} times in core/${file}`);
  return parts.join(replace);
}
