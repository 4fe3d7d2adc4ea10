import { expect, it } from 'vitest';
import fc from 'fast-check';
import { ByteSink } from './byte-sink.ts';
import { concatBytes } from './utf8.ts';

it('a byte sink gives what was pushed, end to end, however often it grows', () => {
  const parts = fc.array(fc.uint8Array({ maxLength: 700 }), { maxLength: 20 });
  fc.assert(
    fc.property(parts, (list) => {
      const sink = new ByteSink();
      for (const part of list) sink.push(part);
      expect(sink.toBytes()).toEqual(concatBytes(...list));
    }),
  );
});
