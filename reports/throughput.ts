/** `throughput.csv`: a row for each peer and sample. Bytes count from the peer's first joining. */
import type { RunRecord } from '../sim/record.ts';
import { csv } from './csv.ts';

const columns = [
  'time_ms',
  'name',
  'up',
  'pieces_have',
  'piece_count',
  'bytes_down',
  'bytes_up',
  'wasted_bytes',
  'down_bytes_per_s',
  'up_bytes_per_s',
  'connections',
];

export const throughputCsv = ({ samples }: RunRecord): string =>
  csv(
    columns,
    samples.map((sample) => [
      sample.at,
      sample.peer,
      sample.isUp,
      sample.piecesHave,
      sample.pieceCount,
      sample.bytesDown,
      sample.bytesUp,
      sample.bytesWasted,
      Math.round(sample.downBytesPerSec),
      Math.round(sample.upBytesPerSec),
      sample.connections,
    ]),
  );
