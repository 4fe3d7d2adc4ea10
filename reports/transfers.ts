/** `transfers.csv`: who sent whom how much, as each side counted it. */
import type { RunRecord } from '../sim/record.ts';
import type { Account } from './account.ts';
import { csv, type Row } from './csv.ts';

const columns = ['from', 'to', 'content', 'bytes_sent', 'bytes_received', 'unchoked_ms'];

export const transfersCsv = ({ record }: Account): Iterable<string> => csv(columns, cells(record));

function* cells({ transfers }: RunRecord): Generator<Row> {
  for (const { from, to, content, bytesSent, bytesReceived, unchoked } of transfers)
    yield [from, to, content, bytesSent, bytesReceived, unchoked];
}
