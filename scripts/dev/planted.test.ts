import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { packageFile } from '../package-file.ts';
import { buildWith } from './planted/build.ts';
import { planted } from './planted/fault.ts';
import { faults } from './planted/faults.ts';
import type { FaultOrder, Finding } from './planted/hunt-fault.ts';

describe('the planted faults', () => {
  it('are many, each with a name of its own', () => {
    expect(faults.length).toBeGreaterThanOrEqual(42);
    expect(new Set(faults.map(({ name }) => name)).size).toBe(faults.length);
  });

  it('each fit their place in core, which stands there once', () => {
    for (const fault of faults) {
      const text = readFileSync(packageFile('core', ...fault.file.split('/')), 'utf8');
      expect(planted(fault, text)).not.toBe(text);
    }
  });

  it('fit nowhere else', () => {
    const [fault] = faults;
    if (fault === undefined) throw new Error('there are none');
    expect(() => planted(fault, '')).toThrow('stands 0 times');
    expect(() => planted(fault, fault.find + fault.find)).toThrow('stands 2 times');
  });

  it('are found by the hunt, and shrunk to something that fails again', async () => {
    const scratch = mkdtempSync(packageFile('node_modules', '.planted-'));
    try {
      const fault = faults.find(({ name }) => name === 'have-said-twice');
      if (fault === undefined) throw new Error('it is gone');
      const outfile = join(scratch, 'hunt.mjs');
      await buildWith(fault, outfile);
      const order: FaultOrder = { focus: 'swarm', seed: 1, runs: 5, shrinkRuns: 20, seconds: 60 };
      const out = execFileSync(process.execPath, [outfile, JSON.stringify(order)], {
        encoding: 'utf8',
      });
      const { found } = JSON.parse(out) as Finding;
      expect(found).toMatchObject({ check: expect.stringContaining('says once') as string });
      expect(found?.replays).toBe(true);
    } finally {
      rmSync(scratch, { recursive: true });
    }
  }, 90_000);
});
