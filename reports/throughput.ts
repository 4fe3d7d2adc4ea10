/** `throughput.csv`: a row for each peer and sample. Bytes count from the peer's first joining. */
import type { RunRecord } from '../sim/record.ts';
import type { Account } from './account.ts';
import { csv, type Row } from './csv.ts';

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

export const throughputCsv = ({ record }: Account): Iterable<string> => csv(columns, cells(record));

function* cells({ samples }: RunRecord): Generator<Row> {
  for (const sample of samples)
    yield [
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
    ];
}
