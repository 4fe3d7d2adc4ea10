/** `report.md`: what was played, what held, how it went, and how to play it again. */
import { never } from '../core/never.ts';
import type { Verdict } from '../sim/record.ts';
import type { Account } from './account.ts';
import { figureLines } from './figures.ts';
import { code, plain, table } from './markdown.ts';
import type { PeerRow } from './peer-rows.ts';
import { replayLine } from './replay.ts';
import { actionRows, listRows } from './time-line.ts';

/** Rows a reader may want to read; of what has more, the CSV files and the record hold the rest. */
const maxRows = 250;

export function* reportMarkdown({ record, rows, metrics, bound }: Account): Generator<string> {
  const { header, checks, end } = record;
  yield `# ${header.scenario.name}: ${told(end.verdict)}${end.interrupted ? ', interrupted' : ''}`;
  yield* [
    plain(header.scenario.story),
    `Seed ${header.seed}, ${header.world} world, ${seconds(end.at)} s. To play it again:`,
    code(replayLine(record)),
    '## Verdict',
    table(
      ['held', 'claim', 'detail'],
      checks.map(({ name, held, detail }) => [held ? 'yes' : '**NO**', name, detail]),
    ).replaceAll('\\*\\*NO\\*\\*', '**NO**'),
    '## Peers',
    firstRows(peerColumns, rows.map(peerCells), 'summary.csv'),
    '## Figures',
    figureLines(metrics, bound)
      .map((line) => `- ${line}`)
      .join('\n'),
    '## What was done',
    firstRows(['at ms', 'done ms', 'action', 'cause'], actionRows(record), 'record.ndjson'),
    "## The tracker's word, whenever it changed",
    firstRows(listColumns, listRows(record), 'seeders.csv'),
    '## Environment',
    table(['fact', 'value'], Object.entries(header.environment)),
  ].map((section) => `\n\n${section}`);
  yield '\n';
}

function firstRows(columns: readonly string[], rows: readonly Cells[], restIn: string): string {
  const left = rows.length - maxRows;
  const rest = left > 0 ? `\n\nand ${left} more in ${restIn}` : '';
  return `${table(columns, rows.slice(0, maxRows))}${rest}`;
}

function told(verdict: Verdict): string {
  switch (verdict) {
    case 'passed':
    case 'failed':
      return verdict;
    case 'unsupported':
      return 'not supported here';
    default:
      return never(verdict);
  }
}

type Cells = readonly (string | number)[];

const listColumns = [
  'at ms',
  'content',
  'seeders said',
  'seeders true',
  'leechers said',
  'leechers true',
];

const peerColumns = [
  'name',
  'address',
  'joined s',
  'completed s',
  'bytes down',
  'bytes up',
  'mean down bytes/s',
  'peak down bytes/s',
  'wasted bytes',
  'verified',
];

const peerCells = (row: PeerRow): Cells => [
  row.name,
  row.address ?? 'never joined',
  seconds(row.joinedMs),
  seconds(row.completedMs),
  row.bytesDown,
  row.bytesUp,
  row.meanDownBytesPerSec,
  row.peakDownBytesPerSec,
  row.bytesWasted,
  row.isVerified ? 'yes' : 'no',
];

const seconds = (ms: number | undefined): string =>
  ms === undefined ? '' : (ms / 1_000).toFixed(3);
