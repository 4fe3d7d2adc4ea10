import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lineOf } from '../../reports/replay.ts';
import { replayWords } from './replay-words.ts';

const seed = fc.nat();
const setting = fc.string({ unit: 'binary' }).map((value) => `story=${value}`);
const source = fc.string({ unit: 'binary', minLength: 1 }).filter((name) => !name.startsWith('-'));

describe('the line that repeats a run', () => {
  it('is understood as it was meant, whatever is in it', () => {
    fc.assert(
      fc.property(seed, source, fc.array(setting, { maxLength: 3 }), (number, name, overrides) => {
        const line = lineOf({ source: name, seed: number, world: 'loopback', overrides });
        expect(replayWords(line)).toEqual({
          scenario: name,
          seed: number,
          world: 'loopback',
          fidelity: undefined,
          set: overrides,
        });
      }),
    );
  });

  it('says the world and its fidelity', () => {
    const played = { source: 'churn', seed: 7, world: 'virtual', overrides: [] } as const;
    const line = lineOf({ ...played, fidelity: 'elided' });
    expect(replayWords(line)).toMatchObject({ world: 'virtual', fidelity: 'elided' });
  });

  it('may be quoted in other ways, and called by other programs', () => {
    const line = String.raw`npx swarmproof run "my \"own\".yaml" --seed=3 --set story=it\'s`;
    expect(replayWords(line)).toMatchObject({
      scenario: 'my "own".yaml',
      seed: 3,
      set: [`story=it's`],
    });
  });

  it.each([
    ['swarmproof run churn', '--seed'],
    ['swarmproof run churn --seed x', '--seed'],
    ['swarmproof run --seed 1', 'one scenario'],
    ['swarmproof run a b --seed 1', 'one scenario'],
    ['swarmproof run churn --seed 1 --world moon', '--world is one of loopback, virtual'],
    ['swarmproof run churn --seed 1 --speed 9', '--speed'],
    [`swarmproof run 'churn --seed 1`, 'a quote is not closed'],
    ['reports/runs/gone', 'neither a record nor a line'],
  ])('is refused when it is none: %s', (line, why) => {
    expect(() => replayWords(line)).toThrow(why);
  });
});
