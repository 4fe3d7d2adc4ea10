/** Small scenarios on disk, for tests of the commands that play them. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** One gives, three take; over in a moment in virtual time, and each seed has other joinings. */
export const small = {
  name: 'small',
  story: 'One gives, three take.',
  content: { bytes: '256KiB', pieceBytes: '16KiB' },
  peers: {
    seeder: { count: 1, has: 'all', link: { up: '500kB/s' } },
    leecher: {
      count: 3,
      has: 'nothing',
      link: { up: '100kB/s', down: '1MB/s' },
      joins: { within: '2s' },
    },
  },
  expect: [{ everyoneCompletes: 'leecher' }],
};

export async function inFolder(use: (folder: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'swarmproof-run-'));
  try {
    await use(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** `folder` holds the scenario's file and nothing else. */
export const withScenario = (
  scenario: object,
  use: (file: string, folder: string) => Promise<void>,
): Promise<void> =>
  inFolder(async (folder) => {
    const file = join(folder, 'small.json');
    writeFileSync(file, JSON.stringify(scenario));
    await use(file, folder);
  });
