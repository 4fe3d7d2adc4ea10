/** What can happen to a peer connection, played on the PeerConnection and on its model at once (BEP 3, 6, 10). */
import { isDeepStrictEqual } from 'node:util';
import * as fc from 'fast-check';
import { expect } from 'vitest';
import type {
  CloseReason,
  ConnectionOutput,
  LocalHello,
  PeerConnection,
} from '../peer/connection.ts';
import type { ExtensionHandshake } from '../wire/extension.ts';
import type { Form } from '../wire/saying.ts';
import type { Message } from '../wire/message.ts';
import type { Instant } from '../time.ts';
import type { ModelOutput, WireModel } from './wire-model.ts';
import type { Said } from './wire-model-sayings.ts';
import { hexOf, spell } from './wire-model-bytes.ts';
import { message, oneSaying, said, spellSaying } from './wire-model-sayings.ts';

/** The connection, what is on its way to it, and what it will say of itself when it is opened. */
export type WireUnderTest = {
  readonly connection: PeerConnection;
  readonly form: Form;
  readonly local: LocalHello;
  line: readonly OnTheWay[];
  /** Every reason and every kind of output so far: whether a campaign goes everywhere can be asked. */
  readonly seen: Set<string>;
};

/** `arrived` counts the bytes that have come already. */
type OnTheWay = Said & { readonly arrived: number };

export type WireCommand = fc.Command<WireModel, WireUnderTest>;

type Act = (model: WireModel, real: WireUnderTest) => void;

const reasons = ['banned', 'too-many', 'idle'] as const;
const whole = 2 ** 30;

export const wireCommands: fc.Arbitrary<Iterable<WireCommand>> = fc.commands(
  [
    said.map(hears),
    said.map(hears),
    said.map(hears),
    said.map(queues),
    fc.oneof(fc.integer({ min: 1, max: 30 }), fc.constant(whole)).map(arrives),
    message.map(sends),
    message.map(sends),
    fc.oneof(fc.nat({ max: 30 }), fc.nat({ max: 150_000 })).map(waits),
    fc.constantFrom(-1, 0, 0, 1).map(waitsUntilDue),
    fc.constant(command('tick', tick)),
    fc.constant(command('tick', tick)),
    fc.constant(command('open', open)),
    fc.constantFrom(undefined, ...reasons).map(ends),
  ],
  { maxCommands: 60, size: 'max' },
);

/** Both handshakes: what most of the rules are about comes after them. */
export const handshakes = (theirs: Said): readonly WireCommand[] => [
  command('open', open),
  hears(theirs),
  command('open', open),
];

/** Everything the connection says of itself is what the model says, after each command. */
function command(text: string, act: Act): WireCommand {
  return {
    check: () => true,
    run: (model, real) => {
      act(model, real);
      expectAgreement(model, real.connection);
    },
    toString: () => text,
  };
}

export function hears(item: Said): WireCommand {
  return command(`hears(${item.label})`, (model, real) => {
    queue(real, item);
    arrive(model, real, whole);
  });
}

function queues(item: Said): WireCommand {
  return command(`queues(${item.label})`, (_, real) => queue(real, item));
}

function arrives(count: number): WireCommand {
  return command(count === whole ? 'arrives' : `arrives(${count})`, (model, real) =>
    arrive(model, real, count),
  );
}

export function sends(sent: Message): WireCommand {
  return command(`sends(${fc.stringify(sent)})`, (model, real) => {
    const outputs = real.connection.handle(nowOf(model), { type: 'send', message: sent });
    expectSame(real, outputs, model.send(sent));
  });
}

export function waits(ms: number): WireCommand {
  return command(`waits(${ms})`, (model) => {
    model.time += ms;
  });
}

function waitsUntilDue(late: number): WireCommand {
  return command(`waitsUntilDue(${late})`, (model) => {
    model.time = Math.max(model.time, (model.deadline ?? 0) + late);
  });
}

function ends(reason: CloseReason | undefined): WireCommand {
  return command(`ends(${reason ?? 'eof'})`, (model, real) => {
    const input =
      reason === undefined ? ({ type: 'eof' } as const) : ({ type: 'close', reason } as const);
    expectSame(real, real.connection.handle(nowOf(model), input), model.close(reason ?? 'eof'));
  });
}

function open(model: WireModel, real: WireUnderTest): void {
  expectSame(real, real.connection.open(nowOf(model), real.local), model.open(real.local));
}

function tick(model: WireModel, real: WireUnderTest): void {
  expectSame(real, real.connection.handle(nowOf(model), { type: 'tick' }), model.tick());
  expect(real.connection.deadline ?? Infinity).toBeGreaterThan(model.time);
}

/** What has no value cannot be said in the other form. */
function queue(real: WireUnderTest, item: Said): void {
  if (real.form === 'values' && item.sayings === undefined) return;
  const parts = real.form === 'values' ? (item.sayings ?? []).map(oneSaying) : [item];
  real.line = [...real.line, ...parts.map((part) => ({ ...part, arrived: 0 }))];
}

/** So many bytes come. As values, the model hears the bytes of what has come whole. */
function arrive(model: WireModel, real: WireUnderTest, count: number): void {
  const come = taken(real, count);
  if (come.length === 0) return;
  const isWhole = ({ arrived, bytes }: OnTheWay): boolean => arrived === bytes.length;
  const sayings = come.flatMap(({ item }) => (isWhole(item) ? (item.sayings ?? []) : []));
  const bytes =
    real.form === 'bytes' ? come.flatMap(({ part }) => part) : sayings.flatMap(spellSaying);
  const chunk = Uint8Array.from(bytes);
  const heard =
    real.form === 'bytes'
      ? ({ type: 'bytes', bytes: chunk } as const)
      : ({ type: 'heard', sayings } as const);
  expectSame(real, real.connection.handle(nowOf(model), heard), model.hear(bytes));
  // It was borrowed.
  chunk.fill(0xee);
}

/** The next bytes on the line, each part with what it belongs to. */
function taken(
  real: WireUnderTest,
  count: number,
): readonly { readonly item: OnTheWay; readonly part: readonly number[] }[] {
  let left = count;
  const come = real.line.flatMap((item) => {
    const part = item.bytes.slice(item.arrived, item.arrived + left);
    left -= part.length;
    return part.length === 0
      ? []
      : [{ item: { ...item, arrived: item.arrived + part.length }, part }];
  });
  const [last] = come.slice(-1);
  const rest =
    last === undefined || last.item.arrived === last.item.bytes.length ? [] : [last.item];
  real.line = [...rest, ...real.line.slice(come.length)];
  return come;
}

/** What was told and what should have been, with neighbouring bytes put together: how they are cut is free. */
function expectSame(
  { seen }: WireUnderTest,
  outputs: readonly ConnectionOutput[],
  expected: readonly ModelOutput[],
): void {
  for (const output of outputs)
    seen.add(output.type === 'disconnect' ? output.reason : output.type);
  expectEqual(joined(outputs.map(asModel)), joined(expected));
}

function expectAgreement(model: WireModel, connection: PeerConnection): void {
  expectEqual(wordsOf(connection, connection.remoteExtensions), wordsOf(model, model.extensions));
}

const wordsOf = (
  side: Pick<
    WireModel,
    'amChoking' | 'amInterested' | 'deadline' | 'fast' | 'peerChoking' | 'peerInterested'
  >,
  extensions: ExtensionHandshake | undefined,
): unknown => {
  const { amChoking, amInterested, deadline, fast, peerChoking, peerInterested } = side;
  return { amChoking, amInterested, deadline, extensions, fast, peerChoking, peerInterested };
};

/** The first look is a hundred times as fast, the second tells what is different. */
function expectEqual(actual: unknown, expected: unknown): void {
  if (!isDeepStrictEqual(actual, expected)) expect(actual).toStrictEqual(expected);
}

function asModel(output: ConnectionOutput): ModelOutput {
  switch (output.type) {
    case 'transmit':
      return { type: 'transmit', bytes: [...output.bytes] };
    case 'say': {
      const bytes = spellSaying(output.saying);
      expect(output.length).toBe(bytes.length);
      return { type: 'transmit', bytes };
    }
    default:
      return output;
  }
}

/** Bytes as text: the comparison of long lists of numbers is slow. */
function joined(outputs: readonly ModelOutput[]): readonly unknown[] {
  const all: unknown[] = [];
  let hex = '';
  for (const output of outputs) {
    if (output.type === 'transmit') hex += hexOf(output.bytes);
    else {
      if (hex !== '') all.push(hex);
      hex = '';
      all.push(output.type === 'received' ? hexOf(spell(output.message)) : output);
    }
  }
  return hex === '' ? all : [...all, hex];
}

const nowOf = ({ time }: WireModel): Instant => time as Instant;
