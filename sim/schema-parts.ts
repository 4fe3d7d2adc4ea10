/** The small parts of the scenario's schema: quantities, exact objects, names of peers. */
import { z } from 'zod';
import type { Duration } from '../core/time.ts';
import { maxBytesPerSec, maxContentBytes, maxDuration, minBytesPerSec } from './limits.ts';
import { nearest } from './nearest.ts';
import { type Written, parseBytes, parseDuration, parseRate } from './quantity.ts';
import { type Roles, parseWho } from './who.ts';

/** Bounds of a quantity in its base unit, both included. */
export type Bounds = { readonly min?: number; readonly max?: number };

type Kind<Value> = {
  readonly parse: (written: Written) => Value | undefined;
  readonly says: string;
  readonly unit: string;
  readonly bounds: Bounds;
};

/** A field written as a number in the base unit, or as text with a unit. */
export type Quantity<Value> = z.ZodType<Value, Written>;

export const duration = (bounds: Bounds = {}): Quantity<Duration> =>
  quantity({
    parse: parseDuration,
    says: `a length of time, such as '500ms', '10s' or '2min'`,
    unit: 'ms',
    bounds: { max: maxDuration, ...bounds },
  });

export const size = (bounds: Bounds = {}): Quantity<number> =>
  quantity({
    parse: parseBytes,
    says: `a size, such as '16KiB', '4MB' or '1GiB'`,
    unit: 'bytes',
    bounds: { max: maxContentBytes, ...bounds },
  });

export const rate = (): Quantity<number> =>
  quantity({
    parse: parseRate,
    says: `a rate, such as '500kB/s', '2MiB/s' or '10Mbit/s'`,
    unit: 'bytes/s',
    bounds: { min: minBytesPerSec, max: maxBytesPerSec },
  });

export const count = (min: number, max: number): z.ZodType<number, number> =>
  z
    .int(`expected a whole number from ${min} to ${max}`)
    .min(min, `at least ${min}`)
    .max(max, `at most ${max}`);

export const between = (min: number, max: number): z.ZodType<number, number> =>
  z
    .number(`expected a number from ${min} to ${max}`)
    .min(min, `at least ${min}`)
    .max(max, `at most ${max}`);

/** A share of a whole, from 0 to 1. */
export const share: z.ZodType<number, number> = between(0, 1);

/** A share that is never the whole: what is lost for ever never arrives. */
export const loss: z.ZodType<number, number> = z
  .number('expected a share from 0 to below 1')
  .min(0, 'at least 0')
  .lt(1, 'below 1');

/** An object with these keys and no others; a key that is not known gets the nearest one named. */
export const exactly = <Shape extends z.core.$ZodLooseShape>(
  shape: Shape,
): z.ZodObject<Shape, z.core.$strict> =>
  z.strictObject(shape, {
    error: (issue) =>
      issue.code === 'unrecognized_keys'
        ? JSON.stringify(
            issue['keys'].map((key) => `unknown key '${key}'${nearest(key, Object.keys(shape))}`),
          )
        : undefined,
  });

/** The name of peers as in `parseWho`, checked against the groups there are. */
export const whoIn = (roles: Roles): z.ZodType<string, string> =>
  z.string(`expected the name of a role or of a peer`).superRefine((text, context) => {
    const called = parseWho(text, roles);
    if (typeof called === 'string') context.addIssue({ code: 'custom', message: called });
  });

function quantity<Value extends number>(kind: Kind<Value>): Quantity<Value> {
  const { parse, says, unit, bounds } = kind;
  return z.union([z.number(), z.string()], `expected ${says}`).transform((written, context) => {
    const value = parse(written);
    if (value === undefined) return refuse(context, `${JSON.stringify(written)} is not ${says}`);
    if (value < (bounds.min ?? 0)) return refuse(context, `at least ${bounds.min ?? 0} ${unit}`);
    if (value > (bounds.max ?? Infinity)) return refuse(context, `at most ${bounds.max} ${unit}`);
    return value;
  });
}

function refuse(context: z.core.$RefinementCtx, message: string): never {
  context.addIssue({ code: 'custom', message });
  return z.NEVER;
}
