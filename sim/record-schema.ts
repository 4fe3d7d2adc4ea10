/** What each line of a record must hold to be read: the fields that checks and reports rely on, and no more. */
import { z } from 'zod';
import type { RunRecord } from './record.ts';

export type ListName = Exclude<keyof RunRecord, 'header' | 'end'>;

export type Word =
  | 'content'
  | 'peer'
  | 'action'
  | 'event'
  | 'sample'
  | 'tracker'
  | 'transfer'
  | 'file'
  | 'leak'
  | 'missed'
  | 'check';

/** The record's lists, each with the word that begins its lines. */
export const lists: Readonly<Record<Word, ListName>> = {
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
};

const at = z.number().min(0);
const whole = z.int().min(0);
const rate = z.number().min(0);
const text = z.string();
const hash = z.string().regex(/^[0-9a-f]{40}$/, 'expected 40 hex digits');
const sha256 = z.string().regex(/^[0-9a-f]{64}$/, 'expected 64 hex digits');
const endpoint = z.looseObject({ ip: text, port: whole });

export const header: z.ZodType<{ readonly scenario: unknown }> = z.looseObject({
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

export const rows: Readonly<Record<Word, z.ZodType>> = {
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

export const end: z.ZodType = z.looseObject({
  at,
  verdict: z.enum(['passed', 'failed', 'unsupported']),
  interrupted: z.boolean(),
  claims: z.looseObject({ checked: whole, broken: z.array(text) }).optional(),
  simulated: z
    .looseObject({ fidelity: z.enum(['byte-exact', 'elided']), events: whole })
    .optional(),
});
