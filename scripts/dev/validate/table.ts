/** The tables of docs/validation.md: what was measured beside what was expected, and how large each study was played. */
import { spreadOf } from '../../../reports/spread.ts';
import type { Study } from '../../../scenarios/paper/study.ts';
import type { Size } from './job.ts';
import type { Verdict } from './verdict.ts';

const begins = '<!-- results: written by npm run validate -->';
const ends = '<!-- end of results -->';

/** The document with its tables replaced. Throws when it has no place for them. */
export function withTables(document: string, tables: string): string {
  const from = document.indexOf(begins);
  const to = document.indexOf(ends);
  if (from < 0 || to < from) throw new Error('docs/validation.md has no place for the results');
  return `${document.slice(0, from + begins.length)}\n\n${tables}\n${document.slice(to)}`;
}

export function verdictTable(verdicts: readonly Verdict[]): string {
  const rows = verdicts.map(({ row, says, values, gate, elsewhere, held }) => [
    row,
    says,
    ...measured(values),
    gate ?? '',
    elsewhere,
    held === undefined ? '' : held ? 'yes' : '**no**',
  ]);
  return table(
    ['study', 'figure', 'mean', '95 % interval', 'seeds', 'gate', 'elsewhere', 'holds'],
    rows,
  );
}

export function sizeTable(studies: readonly Study[], size: Size): string {
  const rows = studies.map(({ row, name, source, scales }) => [
    row,
    `\`${name}\``,
    source,
    shapeOf(scales.full),
    shapeOf(scales[size]),
    String(scales[size].shrink),
  ]);
  return table(['study', 'scenario', 'source', 'as published', 'played', 'shrunk by'], rows);
}

const shapeOf = ({ leechers, pieces }: Study['scales'][Size]): string =>
  `${leechers} leechers, ${pieces} pieces`;

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map(() => '---'), ...rows]
    .map((cells) => `| ${cells.join(' | ')} |\n`)
    .join('');
}

/** The mean, where it may be, and over how many seeds. */
function measured(values: readonly number[]): readonly [string, string, string] {
  const spread = spreadOf(values);
  if (spread === undefined) return ['not played', '', '0'];
  const { high, low, mean, runs } = spread;
  const interval = low === null || high === null ? '' : `${digits(low)} to ${digits(high)}`;
  return [digits(mean), interval, String(runs)];
}

const digits = (value: number): string => {
  if (Math.abs(value) >= 100) return value.toFixed(0);
  return Math.abs(value) >= 10 ? value.toFixed(1) : value.toFixed(3);
};
