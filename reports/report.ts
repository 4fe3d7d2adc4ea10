/** `report.md`: what was played, what held, how it went, and how to play it again. */
import { mean, quantileSorted } from 'simple-statistics';
import { never } from '../core/never.ts';
import type { RunRecord, Verdict } from '../sim/record.ts';
import { boundOf } from './bound.ts';
import { code, plain, table } from './markdown.ts';
import { type PeerRow, peerRows } from './peer-rows.ts';
import { replayLine } from './replay.ts';
import { actionRows, listRows } from './time-line.ts';

export function reportMarkdown(record: RunRecord): string {
  const { header, checks, end } = record;
  const rows = peerRows(record);
  const sections = [
    `# ${header.scenario.name}: ${told(end.verdict)}${end.interrupted ? ', interrupted' : ''}`,
    plain(header.scenario.story),
    `Seed ${header.seed}, ${header.world} world, ${seconds(end.at)} s. To play it again:`,
    code(replayLine(header)),
    '## Verdict',
    table(
      ['held', 'claim', 'detail'],
      checks.map(({ name, held, detail }) => [held ? 'yes' : '**NO**', name, detail]),
    ).replaceAll('\\*\\*NO\\*\\*', '**NO**'),
    '## Peers',
    table(peerColumns, rows.map(peerCells)),
    '## Figures',
    figures(record, rows),
    '## What was done',
    table(['at ms', 'done ms', 'action', 'cause'], actionRows(record)),
    "## The tracker's word, whenever it changed",
    table(
      ['at ms', 'content', 'seeders said', 'seeders true', 'leechers said', 'leechers true'],
      listRows(record),
    ),
    '## Environment',
    table(['fact', 'value'], Object.entries(header.environment)),
  ];
  return `${sections.join('\n\n')}\n`;
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

const peerCells = (row: PeerRow): readonly (string | number)[] => [
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

/** Over those who came to download and did. */
function figures(record: RunRecord, rows: readonly PeerRow[]): string {
  const finished = rows.filter(
    ({ completedMs, bytesDown }) => completedMs !== undefined && bytesDown > 0,
  );
  const lines = [...times(finished), ...wasted(rows), ...theory(record, rows)];
  return lines.map((line) => `- ${line}`).join('\n');
}

function times(finished: readonly PeerRow[]): readonly string[] {
  if (finished.length === 0) return ['nobody downloaded anything to the end'];
  const took = finished
    .map(({ joinedMs, completedMs }) => ((completedMs ?? 0) - (joinedMs ?? 0)) / 1_000)
    .sort((a, b) => a - b);
  const at = (share: number): string => quantileSorted(took, share).toFixed(3);
  const rates = finished.map(({ meanDownBytesPerSec }) => meanDownBytesPerSec);
  return [
    `${finished.length} downloaded to the end, in ${mean(took).toFixed(3)} s on average; half in ${at(0.5)} s, 95 % in ${at(0.95)} s, the last in ${at(1)} s`,
    `Jain fairness of their mean download rates: ${jain(rates).toFixed(3)} (1 is equal)`,
  ];
}

/** (sum x)^2 / (n * sum x^2), from 1/n to 1. */
export function jain(values: readonly number[]): number {
  const squares = values.reduce((sum, value) => sum + value * value, 0);
  if (squares === 0) return 1;
  return values.reduce((sum, value) => sum + value, 0) ** 2 / (values.length * squares);
}

function wasted(rows: readonly PeerRow[]): readonly string[] {
  const total = (count: 'bytesWasted' | 'bytesDown'): number =>
    rows.reduce((sum, row) => sum + row[count], 0);
  const down = total('bytesDown');
  const share = down === 0 ? 0 : (total('bytesWasted') / down) * 100;
  return [`wasted: ${total('bytesWasted')} of ${down} bytes received, ${share.toFixed(2)} %`];
}

function theory(record: RunRecord, rows: readonly PeerRow[]): readonly string[] {
  const bound = boundOf(record, rows);
  if (bound === undefined) return [];
  const { kumarRossSec, binding, ratio } = bound;
  return [
    `R = ${ratio.toFixed(3)}: the last finished in ${ratio.toFixed(3)} times the Kumar-Ross bound of ${kumarRossSec.toFixed(3)} s (${binding})`,
  ];
}
