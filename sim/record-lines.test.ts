import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RecordError, traceLines } from './record-lines.ts';
import { calm, doctored, fromText, recordOf, toText } from './testing/records.ts';

const record = await recordOf({ ...calm, timeline: [{ at: 200, crash: 'seeder-1' }] });
const text = toText(record);

describe('the record as lines', () => {
  it('comes back as it was', () => {
    expect(fromText(text)).toEqual(record);
    expect(toText(fromText(text))).toBe(text);
  });

  it('is one JSON value a line, the header first and the verdict last', () => {
    const words = text
      .trimEnd()
      .split('\n')
      .map((line) => (JSON.parse(line) as { line: string }).line);
    expect(words[0]).toBe('header');
    expect(words.at(-1)).toBe('end');
    expect(new Set(words)).toEqual(
      new Set([
        'header',
        'content',
        'peer',
        'action',
        'event',
        'sample',
        'tracker',
        'transfer',
        'file',
        'check',
        'end',
      ]),
    );
  });

  it.each([
    ['', 'line 1: the record ends without a verdict'],
    ['\n', 'line 1: not a line of JSON'],
    [`${text}{"line":"end"}`, 'comes after the verdict'],
    ['{}', 'line 1: line: Invalid input'],
    ['{"line":"end"}', `line 1: expected the header, found 'end'`],
    ['{"line":"header","format":"x"}', 'line 1: format: this is no record of swarmproof'],
    [
      text.replace('"version":1', '"version":2'),
      'line 1: version: this record is of another version',
    ],
    [
      text.replace('"has":"all"', '"has":"most"'),
      `line 1: scenario: peers.seeder.has: 'most' is none of these`,
    ],
    [text.slice(0, text.indexOf('\n') + 1), 'line 1: the record ends without a verdict'],
    [text.slice(0, text.indexOf('{"line":"end"')), 'the record ends without a verdict'],
    [text.replace('{"line":"peer"', '{"line":"pear"'), `no such kind of line: 'pear'`],
    [text.replace('"isUp":true', '"isUp":"yes"'), 'isUp: Invalid input'],
    [text.replace('"verdict":"passed"', '"verdict":"fine"'), 'verdict: Invalid option'],
    [text.replace('"elided"', '"rough"'), 'simulated.fidelity: Invalid option'],
    [text.replace('"bytesSent":', '"bytesSent":-'), 'bytesSent: Too small'],
  ])('tells which line is wrong, and how (%#)', (bad, what) => {
    expect(() => fromText(bad)).toThrow(RecordError);
    expect(() => fromText(bad)).toThrow(what);
  });

  it('throws nothing but its own error, whatever is cut out or put in', () => {
    fc.assert(
      fc.property(
        fc.nat(text.length),
        fc.nat(300),
        fc.string({ maxLength: 8 }),
        (at, length, put) => {
          try {
            fromText(text.slice(0, at) + put + text.slice(at + length));
          } catch (error) {
            expect(error).toBeInstanceOf(RecordError);
          }
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe('the trace of a run', () => {
  const trace = (of: typeof record): string => [...traceLines(of)].join('');

  it('tells nothing of the surroundings', () => {
    const elsewhere = doctored(record, {
      header: { ...record.header, environment: { node: 'v99', startedAt: 'now' } },
      leaks: [{ kind: 'timer', what: 'one' }],
      end: { ...record.end, simulated: { fidelity: 'byte-exact', events: 7 } },
    });
    expect(trace(elsewhere)).toBe(trace(record));
  });

  it.each(['actions', 'events', 'samples', 'tracker', 'transfers', 'files', 'checks'] as const)(
    'changes with the %s',
    (list) => {
      expect(record[list]).not.toEqual([]);
      const one = doctored(record, { [list]: record[list].slice(1) });
      expect(trace(one)).not.toBe(trace(record));
    },
  );

  it('changes with the verdict', () => {
    const failed = doctored(record, { end: { ...record.end, verdict: 'failed' } });
    expect(trace(failed)).not.toBe(trace(record));
  });
});
