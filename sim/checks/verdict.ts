/** How a check tells what it found. */
import type { CheckResult } from '../record.ts';

/** More examples than this bury the first, which is the one to look at. */
const mostTold = 3;

/** Held when nothing is wrong; `kept` says what was looked at. */
export function verdict(name: string, wrong: readonly string[], kept: string): CheckResult {
  if (wrong.length === 0) return { name, held: true, detail: kept };
  const more = wrong.length > mostTold ? `; and ${wrong.length - mostTold} more` : '';
  return { name, held: false, detail: wrong.slice(0, mostTold).join('; ') + more };
}

/** `12,345`, whatever the machine's language. */
export const grouped = (value: number): string =>
  Math.round(value)
    .toString()
    .replace(/\B(?=(\d{3})+$)/g, ',');
