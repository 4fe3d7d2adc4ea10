/** The table of hostile peers, for a terminal and for docs/hostile.md. */
import type { HostileRow } from '../../reports/hostility.ts';
import { columns } from './columns.ts';

const head = ['kind', 'must be', 'was', 'noticed after', 'others took', 'wasted more', 'verdict'];

export const hostileTable = (rows: readonly HostileRow[]): string =>
  columns([head, ...rows.map(cells)]);

/** GitHub's Markdown. */
export const hostileMarkdown = (rows: readonly HostileRow[]): string =>
  [head, head.map(() => '---'), ...rows.map(cells)]
    .map((row) => `| ${row.join(' | ')} |`)
    .join('\n');

const cells = (row: HostileRow): readonly string[] => [
  row.kind,
  row.expected,
  row.happened,
  row.detectedMs === null ? '-' : `${row.detectedMs} ms`,
  `${row.slowdown.toFixed(2)} times`,
  `${Math.round(row.wastedBytes / 1_024)} KiB`,
  row.verdict,
];
