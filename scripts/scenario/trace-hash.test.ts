import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { traceLines } from '../../sim/record-lines.ts';
import { calm, doctored, fromText, recordOf, toText } from '../../sim/testing/records.ts';
import { inChunks } from './chunks.ts';
import { traceHash } from './trace-hash.ts';

const record = await recordOf(calm, 3);

describe('the trace hash', () => {
  it('is the SHA-256 of the trace', () => {
    const whole = [...traceLines(record)].join('');
    expect(traceHash(record)).toBe(createHash('sha256').update(whole).digest('hex'));
  });

  it('is the same for the same scenario and seed, and for what was read back', async () => {
    expect(traceHash(await recordOf(calm, 3))).toBe(traceHash(record));
    expect(traceHash(fromText(toText(record)))).toBe(traceHash(record));
  });

  it('is another one when one event is missing', () => {
    expect(traceHash(doctored(record, { events: record.events.slice(1) }))).not.toBe(
      traceHash(record),
    );
  });
});

describe('chunks of text', () => {
  it('hold everything, in pieces that are worth a call', () => {
    const lines = Array.from({ length: 40_000 }, (_, i) => `line ${i}\n`);
    const chunks = [...inChunks(lines)];
    expect(chunks.join('')).toBe(lines.join(''));
    expect(chunks.length).toBeLessThan(10);
    expect([...inChunks([])]).toEqual([]);
  });
});
