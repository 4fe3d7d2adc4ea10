/** What fuzzing once found, and what it found to be worth keeping, stays right for ever. */
import { describe, expect, it } from 'vitest';
import { existsSync, readdirSync } from 'node:fs';
import { packageFile } from '../package-file.ts';
import { readCorpus } from './fuzz-bytes/corpus.ts';
import { randomStream } from '../../core/random.ts';
import { maxInputBytes, mutated } from './fuzz-bytes/mutate.ts';
import { Runner } from './fuzz-bytes/runner.ts';
import { shrunk } from './fuzz-bytes/shrink.ts';
import { bytesOf } from './fuzz-bytes/target.ts';
import { targets } from './fuzz-bytes/targets.ts';

const folder = packageFile('input', 'corpus');

describe('the corpus of each decoder', () => {
  it.each(targets)('is read as it should be: $name', async (target) => {
    const inputs = [
      ...target.seeds.map(bytesOf),
      ...readCorpus(target.name).map((kept) => kept.bytes),
    ];
    const { failure, outcomes } = new Runner(await target.load()).run(inputs);
    expect(failure).toBeUndefined();
    expect(outcomes).toHaveLength(inputs.length);
    // A corpus of which all is refused, or nothing, has lost its use.
    expect(new Set(outcomes).size).toBeGreaterThan(1);
  });

  it('is small, and belongs to a target', () => {
    const names = existsSync(folder) ? readdirSync(folder) : [];
    expect(names).toEqual(targets.map(({ name }) => name).sort());
    for (const name of names) {
      const kept = readCorpus(name);
      expect(kept.length).toBeLessThanOrEqual(60);
      for (const { bytes } of kept) expect(bytes.length).toBeLessThan(4_096);
    }
  });
});

describe('fuzzing', () => {
  it('finds the input that breaks a decoder, the one that hangs it, and the shortest that still does', () => {
    const runner = new Runner((bytes) => {
      if (bytes.includes(0xab) && bytes.includes(0xcd)) throw new TypeError('broken');
      return 'fine';
    });
    const input = Uint8Array.of(1, 2, 0xab, 3, 4, 0xcd, 5);
    const { failure, outcomes } = runner.run([Uint8Array.of(1), input, Uint8Array.of(2)]);
    expect(outcomes).toEqual(['fine']);
    expect(failure).toMatchObject({ input, error: { message: 'broken' } });
    const breaks = (bytes: Uint8Array): boolean => runner.run([bytes]).failure !== undefined;
    expect(shrunk(input, breaks)).toEqual(Uint8Array.of(0xab, 0xcd));
  });

  it('changes inputs in bounds, the same way for the same seed', () => {
    const [left, right, other] = [1, 1, 2].map((seed) => {
      const random = randomStream(seed, 'mutation');
      const others = [new Uint8Array(maxInputBytes).fill(0x31), bytesOf('3:abc')];
      let bytes = bytesOf('d3:onei1ee');
      return Array.from({ length: 300 }, () => {
        bytes = mutated(bytes, { random, tokens: ['i5e', ''], others });
        expect(bytes.length).toBeLessThanOrEqual(maxInputBytes);
        return Buffer.from(bytes).toString('hex');
      });
    });
    expect(left).toEqual(right);
    expect(left).not.toEqual(other);
  });
});
