/** `transfers.csv`: who sent whom how much, as each side counted it. */
import type { RunRecord } from '../sim/record.ts';
import { csv } from './csv.ts';

const columns = ['from', 'to', 'content', 'bytes_sent', 'bytes_received', 'unchoked_ms'];

export const transfersCsv = ({ transfers }: RunRecord): string =>
  csv(
    columns,
    transfers.map(({ from, to, content, bytesSent, bytesReceived, unchoked }) => [
      from,
      to,
      content,
      bytesSent,
      bytesReceived,
      unchoked,
    ]),
  );
