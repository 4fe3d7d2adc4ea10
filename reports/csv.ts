/** Tables as CSV (RFC 4180), the same for every report. */
import { stringify } from 'csv-stringify/sync';

export type Cell = string | number | boolean | undefined;
export type Row = readonly Cell[];

/** Rows put into one piece of text: few enough for a short string, enough that the calls do not count. */
const rowsAtOnce = 1_000;

/**
 * A line of column names, then a line for each row, in pieces; `undefined` is an empty cell. Cells that a spreadsheet
 * would run as a formula are disarmed.
 */
export function* csv(columns: readonly string[], rows: Iterable<Row>): Generator<string> {
  let batch: Row[] = [columns];
  for (const row of rows) {
    batch.push(row);
    if (batch.length < rowsAtOnce) continue;
    yield textOf(batch);
    batch = [];
  }
  yield textOf(batch);
}

const textOf = (rows: readonly Row[]): string =>
  stringify(rows as Cell[][], { escape_formulas: true, cast: { boolean: String } });
