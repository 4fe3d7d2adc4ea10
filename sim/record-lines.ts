/** The record as text: one JSON value a line (NDJSON), the header first and the verdict last. */
import { z } from 'zod';
import type { RunRecord } from './record.ts';
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

/** The record's lists, each with the word that begins its lines. */
const lists = {
  content: 'contents',
  peer: 'peers',
  action: 'actions',
  event: 'events',
  sample: 'samples',
  tracker: 'tracker',
  transfer: 'transfers',
  file: 'files',
  leak: 'leaks',
  missed: 'missed',
  check: 'checks',
} as const satisfies Record<string, keyof RunRecord>;

type Word = keyof typeof lists;

/** The whole record, each line ended by a newline. */
export function toLines(record: RunRecord): string {
  const line = (word: string, value: object): string => JSON.stringify({ line: word, ...value });
  const words = Object.keys(lists) as Word[];
  return [
    line('header', record.header),
    ...words.flatMap((word) => record[lists[word]].map((value) => line(word, value))),
    line('end', record.end),
    '',
  ].join('\n');
}

/** Reads it again. Throws RecordError at the first line that is not what it should be, or when the end is missing. */
export function fromLines(text: string): RunRecord {
  const record: Record<(typeof lists)[Word], unknown[]> = {
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
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  const header = readHeader(lines[0] ?? '');
  for (const [i, line] of lines.slice(1, -1).entries()) {
    const { word, value } = parseLine(line, i + 2);
    if (!isWord(word)) throw new RecordError(i + 2, `no such kind of line: '${word}'`);
    checked(rows[word], value, i + 2);
    record[lists[word]].push(value);
  }
  if (lines.length < 2) throw new RecordError(lines.length, 'the record ends without a verdict');
  const last = parseLine(lines.at(-1) ?? '', lines.length);
  if (last.word !== 'end') {
    throw new RecordError(lines.length, 'the record ends without a verdict');
  }
  checked(end, last.value, lines.length);
  // The values themselves are kept, so that what is read is what was written, down to the order of keys.
  return { header, ...record, end: last.value } as unknown as RunRecord;
}

const isWord = (word: string): word is Word => Object.hasOwn(lists, word);

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
  const { line: word, ...rest } = checked(z.looseObject({ line: z.string() }), value, number);
  return { word, value: rest };
}

function readHeader(text: string): object {
  const { word, value } = parseLine(text, 1);
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

const at = z.number().min(0);
const whole = z.int().min(0);
const rate = z.number().min(0);
const text = z.string();
const hash = z.string().regex(/^[0-9a-f]{40}$/, 'expected 40 hex digits');
const sha256 = z.string().regex(/^[0-9a-f]{64}$/, 'expected 64 hex digits');
const endpoint = z.looseObject({ ip: text, port: whole });

const header = z.looseObject({
  format: z.literal('swarmproof-record', 'this is no record of swarmproof'),
  version: z.literal(1, 'this record is of another version of swarmproof'),
  scenario: z.unknown(),
  overrides: z.array(text),
  source: text,
  seed: z.number(),
  plan: z.looseObject({
    peers: z.array(z.looseObject({ name: text, role: text, peerId: hash })),
    tracker: z.looseObject({ interval: at, expireAfter: at }),
  }),
  world: z.enum(['loopback', 'virtual']),
  environment: z.record(text, z.union([text, z.number()])),
});

const names = z.array(text);
const counts = z.looseObject({ seeders: whole, leechers: whole });

const rows: Readonly<Record<Word, z.ZodType>> = {
  content: z.looseObject({
    infoHash: hash,
    name: text,
    length: whole,
    pieceLength: whole,
    pieceCount: whole,
    files: z.array(z.looseObject({ path: text, length: whole, sha256 })),
  }),
  peer: z.looseObject({ name: text, role: text, peerId: hash, address: endpoint.optional() }),
  action: z.looseObject({
    at,
    doneAt: at.optional(),
    action: z.looseObject({ type: text }),
    cause: z.enum(['group', 'timeline', 'healing']),
    error: text.optional(),
  }),
  event: z.looseObject({ at, peer: text, type: text, infoHash: hash }),
  sample: z.looseObject({
    at,
    peer: text,
    isUp: z.boolean(),
    piecesHave: whole,
    pieceCount: whole,
    isComplete: z.boolean(),
    bytesDown: whole,
    bytesUp: whole,
    bytesWasted: whole,
    downBytesPerSec: rate,
    upBytesPerSec: rate,
    connections: whole,
  }),
  tracker: z.looseObject({
    askedAt: at,
    answeredAt: at,
    failure: text.optional(),
    word: z.array(
      z.looseObject({
        infoHash: hash,
        catalogue: z
          .looseObject({ id: whole, seeders: z.array(hash), leechers: z.array(hash) })
          .optional(),
        scrape: counts.optional(),
        announce: counts.extend({ peers: z.array(endpoint) }).optional(),
      }),
    ),
    truth: z.array(z.looseObject({ seeders: names, leechers: names })),
  }),
  transfer: z.looseObject({
    from: text,
    to: text,
    content: whole,
    bytesSent: whole,
    bytesReceived: whole,
    unchoked: at,
  }),
  file: z.looseObject({
    peer: text,
    content: whole,
    path: text,
    isPartial: z.boolean(),
    bytes: whole,
    sha256,
  }),
  leak: z.looseObject({ kind: text, what: text }),
  missed: z.looseObject({ when: text, action: z.looseObject({ type: text }) }),
  check: z.looseObject({ name: text, held: z.boolean(), detail: text }),
};

const end = z.looseObject({
  at,
  verdict: z.enum(['passed', 'failed', 'unsupported']),
  interrupted: z.boolean(),
  simulated: z
    .looseObject({ fidelity: z.enum(['byte-exact', 'elided']), events: whole })
    .optional(),
});
