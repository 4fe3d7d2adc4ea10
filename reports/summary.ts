/** `summary.csv`: a row for each peer. Times are milliseconds since the run began; an empty cell means never. */
import type { Account } from './account.ts';
import { csv } from './csv.ts';

const columns = [
  'name',
  'role',
  'address',
  'joined_ms',
  'first_piece_ms',
  'completed_ms',
  'bytes_down',
  'bytes_up',
  'mean_down_bytes_per_s',
  'peak_down_bytes_per_s',
  'mean_up_bytes_per_s',
  'peak_up_bytes_per_s',
  'wasted_bytes',
  'ratio',
  'verified',
];

export const summaryCsv = ({ rows }: Account): Iterable<string> =>
  csv(
    columns,
    rows.map((row) => [
      row.name,
      row.role,
      row.address,
      row.joinedMs,
      row.firstPieceMs,
      row.completedMs,
      row.bytesDown,
      row.bytesUp,
      row.meanDownBytesPerSec,
      row.peakDownBytesPerSec,
      row.meanUpBytesPerSec,
      row.peakUpBytesPerSec,
      row.bytesWasted,
      row.ratio?.toFixed(3),
      row.isVerified,
    ]),
  );
