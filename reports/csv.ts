/** Tables as CSV (RFC 4180), the same for every report. */
import { stringify } from 'csv-stringify/sync';

export type Cell = string | number | boolean | undefined;

/**
 * A line of column names, then a line for each row; `undefined` is an empty cell. Cells that a spreadsheet would run
 * as a formula are disarmed.
 */
export const csv = (columns: readonly string[], rows: readonly (readonly Cell[])[]): string =>
  stringify([columns, ...rows] as Cell[][], {
    escape_formulas: true,
    cast: { boolean: String },
  });
