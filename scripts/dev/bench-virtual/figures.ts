/** What is worked out from a measured run: rates, costs, and how they grow. */
import { linearRegression } from 'simple-statistics';
import { blockBytes } from '../../../core/torrent/pieces.ts';
import type { Size } from './grid.ts';

/** What a process that played one run says of it. */
export type Measured = {
  readonly verdict: string;
  readonly events: number;
  readonly virtualSeconds: number;
  /** Payload that went from one peer to another. */
  readonly bytesSent: number;
  readonly wallSeconds: number;
  /** User and system time of all threads: on a busy machine this is the one to compare. */
  readonly cpuSeconds: number;
  /** The most memory that the process ever had resident. */
  readonly peakBytes: number;
};

export type Figures = Size &
  Measured & {
    readonly blocks: number;
    /** Events for each second of processor time. */
    readonly eventsPerSec: number;
    readonly virtualPerRealSecond: number;
    readonly cpuMicrosPerBlock: number;
    /** Above what a process has that plays nothing. */
    readonly bytesPerPeer: number;
    /** Only for a goal: whether it was met. */
    readonly isMet?: boolean;
  };

export function figuresOf(size: Size, measured: Measured, emptyBytes: number): Figures {
  const { bytesSent, cpuSeconds, events, peakBytes, virtualSeconds, wallSeconds } = measured;
  const blocks = Math.round(bytesSent / blockBytes);
  return {
    ...size,
    ...measured,
    blocks,
    eventsPerSec: events / cpuSeconds,
    virtualPerRealSecond: virtualSeconds / wallSeconds,
    cpuMicrosPerBlock: (1e6 * cpuSeconds) / blocks,
    bytesPerPeer: (peakBytes - emptyBytes) / (size.peers + 1),
    ...(size.limit !== undefined && { isMet: meets(size.limit, measured) }),
  };
}

/** The exponent of the power law that fits best: 1 is in proportion, 2 with the square. Undefined for a single point. */
export function slopeOf(points: readonly (readonly [x: number, y: number])[]): number | undefined {
  if (new Set(points.map(([x]) => x)).size < 2) return undefined;
  return linearRegression(points.map(([x, y]) => [Math.log(x), Math.log(y)])).m;
}

export type Slopes = {
  readonly againstPeers: number | undefined;
  readonly againstFileSize: number | undefined;
};

/** How processor time grows. */
export function slopesOf(figures: readonly Figures[]): Slopes {
  const of = (series: Size['series'], x: (run: Figures) => number): number | undefined =>
    slopeOf(
      figures
        .filter((run) => run.series === series)
        .map((run): [number, number] => [x(run), run.cpuSeconds]),
    );
  return {
    againstPeers: of('peers', ({ peers }) => peers),
    againstFileSize: of('file size', ({ mebibytes }) => mebibytes),
  };
}

const meets = (
  { seconds, bytes = Infinity }: NonNullable<Size['limit']>,
  { peakBytes, verdict, wallSeconds }: Measured,
): boolean => verdict === 'passed' && wallSeconds <= seconds && peakBytes <= bytes;
