/** Lengths of time, sizes and rates as people write them: `'10s'`, `'16MiB'`, `'2MB/s'`. */
import { type Duration, millis } from '../core/time.ts';

/** A number in the base unit (milliseconds, bytes, bytes/s), or text with a unit. */
export type Written = number | string;

const msPer: ReadonlyMap<string, number> = new Map([
  ['ms', 1],
  ['s', 1_000],
  ['min', 60_000],
  ['h', 3_600_000],
  ['d', 86_400_000],
]);

const bytesPer: ReadonlyMap<string, number> = new Map([
  ['B', 1],
  ['kB', 1e3],
  ['MB', 1e6],
  ['GB', 1e9],
  ['KiB', 2 ** 10],
  ['MiB', 2 ** 20],
  ['GiB', 2 ** 30],
]);

// A bit rate is how links are sold; bytes are how everything else here is counted.
const bytesPerSecPer: ReadonlyMap<string, number> = new Map([
  ...[...bytesPer].map(([unit, bytes]): [string, number] => [`${unit}/s`, bytes]),
  ['kbit/s', 1e3 / 8],
  ['Mbit/s', 1e6 / 8],
  ['Gbit/s', 1e9 / 8],
]);

/** A length of time in whole milliseconds; undefined when the text is none. */
export function parseDuration(written: Written): Duration | undefined {
  const ms = parse(written, msPer);
  return ms === undefined ? undefined : millis(ms);
}

/** A size in whole bytes; undefined when the text is none. */
export const parseBytes = (written: Written): number | undefined => parse(written, bytesPer);

/** A rate in whole bytes/s; undefined when the text is none. */
export const parseRate = (written: Written): number | undefined => parse(written, bytesPerSecPer);

const form = /^(\d+(?:\.\d+)?)\s*([A-Za-z/]+)$/;

function parse(written: Written, units: ReadonlyMap<string, number>): number | undefined {
  if (typeof written === 'number') return whole(written);
  const [, digits, unit] = form.exec(written.trim()) ?? [];
  const factor = units.get(unit ?? '');
  return factor === undefined ? undefined : whole(Number(digits) * factor);
}

function whole(value: number): number | undefined {
  const rounded = Math.round(value);
  return Number.isSafeInteger(rounded) && rounded >= 0 ? rounded : undefined;
}
