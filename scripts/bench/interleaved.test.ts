import { describe, expect, it } from 'vitest';
import { interleaved, type Trial } from './interleaved.ts';
import type { Progress } from './setting.ts';

function stage(): { progress: Progress; told: string[]; open: () => number } {
  const told: string[] = [];
  let open = 0;
  const progress: Progress = {
    expect: (runs) => (open += runs),
    ran: (line) => {
      open -= 1;
      told.push(line);
    },
    warn: (line) => told.push(line),
  };
  return { progress, told, open: () => open };
}

const trial = (subject: string, play: () => Promise<number>): Trial<number> => ({
  ...{ subject, play },
  told: String,
});

describe('interleaved runs', () => {
  it('take turns', async () => {
    const { progress, told, open } = stage();
    const trials = [trial('a', () => Promise.resolve(1)), trial('b', () => Promise.resolve(2))];
    const outcomes = await interleaved(trials, { progress, runs: 2 });
    expect(told).toEqual(['a: 1', 'b: 2', 'a: 1', 'b: 2']);
    expect([...outcomes]).toEqual([
      ['a', [1, 1]],
      ['b', [2, 2]],
    ]);
    expect(open()).toBe(0);
  });

  it('go on without a program that fails, say so, and do not quote it', async () => {
    const { progress, told, open } = stage();
    let played = 0;
    const fails = trial('b', () => {
      played += 1;
      return played === 2 ? Promise.reject(new Error('no more')) : Promise.resolve(2);
    });
    const trials = [trial('a', () => Promise.resolve(1)), fails];
    const outcomes = await interleaved(trials, { progress, runs: 4 });
    expect(told).toContain('without b: no more');
    expect([...outcomes.keys()]).toEqual(['a']);
    expect(outcomes.get('a')).toHaveLength(4);
    expect(played).toBe(2);
    expect(open()).toBe(0);
  });

  it('do not go on without our own', async () => {
    const { progress } = stage();
    const trials = [trial('ours', () => Promise.reject(new Error('broken')))];
    await expect(interleaved(trials, { progress, runs: 2 })).rejects.toThrow('broken');
  });
});
