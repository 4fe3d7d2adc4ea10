/** The bench's figures as people read them. */
import { columns } from '../../show/columns.ts';
import { sizeText } from '../../show/units.ts';
import { type Figures, slopesOf } from './figures.ts';
import { nameOf } from './grid.ts';

const head = [
  ...['run', 'verdict', 'virtual s', 'wall s', 'CPU s', 'blocks', 'events/CPU s'],
  ...['virtual s/s', 'CPU us/block', 'peak', 'per peer', 'goal'],
];

export function reportOf(figures: readonly Figures[]): string {
  const { againstPeers, againstFileSize } = slopesOf(figures);
  return [
    columns([head, ...figures.map(rowOf)]),
    '',
    `  CPU time grows with the number of peers to the power ${powerText(againstPeers)},`,
    `  and with the size of the file to the power ${powerText(againstFileSize)}.`,
  ].join('\n');
}

/** One run, as soon as it is known. */
export const lineOf = (run: Figures): string =>
  `${nameOf(run)}: ${run.verdict}, ${run.cpuMicrosPerBlock.toFixed(1)} us a block, ${sizeText(run.peakBytes)}`;

const rowOf = (run: Figures): string[] => [
  nameOf(run),
  run.verdict,
  run.virtualSeconds.toFixed(0),
  run.wallSeconds.toFixed(1),
  run.cpuSeconds.toFixed(1),
  String(run.blocks),
  run.eventsPerSec.toFixed(0),
  run.virtualPerRealSecond.toFixed(1),
  run.cpuMicrosPerBlock.toFixed(1),
  sizeText(run.peakBytes),
  sizeText(Math.max(0, run.bytesPerPeer)),
  goalText(run),
];

function goalText({ isMet, limit }: Figures): string {
  if (limit === undefined) return '-';
  const memory = limit.bytes === undefined ? '' : `, ${sizeText(limit.bytes)}`;
  return `${isMet === true ? 'met' : 'missed'} (${limit.seconds} s${memory})`;
}

const powerText = (slope: number | undefined): string => slope?.toFixed(2) ?? 'unknown';
