/** The record as text: one JSON value a line (NDJSON), the header first and the verdict last. */
import { z } from 'zod';
import type { RunRecord } from './record.ts';
import { type ListName, type Word, end, header, lists, rows } from './record-schema.ts';
import { ScenarioError } from './scenario-error.ts';
import { parseScenario } from './schema.ts';

/** A record that cannot be read, and which line of it, from 1. */
export class RecordError extends Error {
  override readonly name = 'RecordError';
  readonly line: number;

  constructor(line: number, what: string, options?: ErrorOptions) {
    super(`line ${line}: ${what}`, options);
    this.line = line;
  }
}

const words = Object.keys(lists) as Word[];

const lineOf = (word: string, value: object): string =>
  `${JSON.stringify({ line: word, ...value })}\n`;

/** The whole record, line by line, since a long run has more text than one string can hold. */
export function* recordLines(record: RunRecord): Generator<string> {
  yield lineOf('header', record.header);
  for (const word of words) yield* linesOf(record, word);
  yield lineOf('end', record.end);
}

/**
 * The lines that scenario, seed and world determine: what was done, seen, found and judged. Left out are the surroundings
 * (the header's environment), what the process left behind, and how the world worked.
 */
export function* traceLines(record: RunRecord): Generator<string> {
  for (const word of words) if (word !== 'leak') yield* linesOf(record, word);
  const { at, verdict, interrupted } = record.end;
  yield lineOf('end', { at, verdict, interrupted });
}

function* linesOf(record: RunRecord, word: Word): Generator<string> {
  for (const value of record[lists[word]]) yield lineOf(word, value);
}

/** Takes a record's lines in turn. Throws RecordError at the first that is not what it should be. */
export class RecordReader {
  #line = 0;
  #header: object | undefined;
  #end: object | undefined;
  readonly #record: Record<ListName, unknown[]> = {
    contents: [],
    peers: [],
    actions: [],
    events: [],
    samples: [],
    tracker: [],
    transfers: [],
    files: [],
    leaks: [],
    missed: [],
    checks: [],
  };

  /** One line, without its newline. */
  read(text: string): void {
    this.#line += 1;
    const { word, value } = parseLine(text, this.#line);
    if (this.#header === undefined) this.#header = readHeader(word, value);
    else if (this.#end !== undefined) throw new RecordError(this.#line, 'comes after the verdict');
    else if (word === 'end') this.#end = this.#checked(end, value);
    else if (isWord(word)) this.#record[lists[word]].push(this.#checked(rows[word], value));
    else throw new RecordError(this.#line, `no such kind of line: '${word}'`);
  }

  /** The whole record; throws when its end is missing. */
  close(): RunRecord {
    if (this.#end === undefined)
      throw new RecordError(Math.max(1, this.#line), 'the record ends without a verdict');
    return { header: this.#header, ...this.#record, end: this.#end } as unknown as RunRecord;
  }

  /** The value itself is kept, so that what is read is what was written, down to the order of keys. */
  #checked(schema: z.ZodType, value: object): object {
    checked(schema, value, this.#line);
    return value;
  }
}

const isWord = (word: string): word is Word => Object.hasOwn(lists, word);

const anyLine = z.looseObject({ line: z.string() });

function parseLine(
  text: string,
  number: number,
): { readonly word: string; readonly value: object } {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new RecordError(number, 'not a line of JSON', { cause });
  }
  const { line: word, ...rest } = checked(anyLine, value, number);
  return { word, value: rest };
}

function readHeader(word: string, value: object): object {
  if (word !== 'header') throw new RecordError(1, `expected the header, found '${word}'`);
  try {
    parseScenario(checked(header, value, 1).scenario, 'scenario');
  } catch (cause) {
    if (!(cause instanceof ScenarioError)) throw cause;
    throw new RecordError(1, cause.message, { cause });
  }
  return value;
}

function checked<Value>(schema: z.ZodType<Value>, value: unknown, line: number): Value {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new RecordError(line, `${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'not valid'}`);
}
