/** The table of docs/validation.md: what was measured beside what was expected. */
import type { Verdict } from './verdict.ts';

const begins = '<!-- results: written by npm run validate -->';
const ends = '<!-- end of results -->';

/** The document with its table replaced. Throws when it has no place for one. */
export function withTable(document: string, table: string): string {
  const from = document.indexOf(begins);
  const to = document.indexOf(ends);
  if (from < 0 || to < from) throw new Error('docs/validation.md has no place for the results');
  return `${document.slice(0, from + begins.length)}\n\n${table}\n${document.slice(to)}`;
}

export function tableOf(verdicts: readonly Verdict[]): string {
  const rows = verdicts.map(({ row, says, values, gate, elsewhere, held }) => [
    row,
    says,
    measured(values),
    gate ?? '',
    elsewhere,
    held === undefined ? '' : held ? 'yes' : '**no**',
  ]);
  const head = ['study', 'claim', 'measured', 'gate', 'elsewhere', 'holds'];
  return [head, head.map(() => '---'), ...rows]
    .map((cells) => `| ${cells.join(' | ')} |\n`)
    .join('');
}

/** The mean, with the range over seeds. */
function measured(values: readonly number[]): string {
  if (values.length === 0) return 'not run';
  const sum = values.reduce((total, value) => total + value, 0);
  const text = digits(sum / values.length);
  const [least, most] = [Math.min(...values), Math.max(...values)].map(digits);
  return values.length === 1 || least === most ? text : `${text} (${least}-${most})`;
}

const digits = (value: number): string => {
  if (Math.abs(value) >= 100) return value.toFixed(0);
  return Math.abs(value) >= 10 ? value.toFixed(1) : value.toFixed(3);
};
