/** Columns of numbers that grow together: what a tracker knows of peers (BEP 3), without an object for each of them. */

type Column = Uint8Array | Uint16Array | Uint32Array | Int32Array | Float64Array;

/** Half as much again: a growing table is copied twice on the way, and a third of it is empty at most. */
const growth = 1.5;
const leastCapacity = 64;

/** How many rows to make room for, when there is room for so many and not enough. */
export const grown = (capacity: number): number =>
  Math.max(leastCapacity, Math.ceil(capacity * growth));

/** The same column with room for `length` numbers. */
export function widened<Kind extends Column>(column: Kind, length: number): Kind {
  const make = column.constructor as new (size: number) => Kind;
  const wider = new make(length);
  wider.set(column);
  return wider;
}
