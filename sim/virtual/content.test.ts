import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { makeContents as makeRealContents } from '../loopback/contents.ts';
import { machineTools } from '../loopback/tools.ts';
import { packageDir } from '../loopback/environment.ts';
import type { ContentSpec } from '../scenario.ts';
import type { Fidelity } from './fidelity.ts';
import { makeContents } from './content.ts';

const announceUrl = 'http://10.0.0.1:8888/announce';
const specs: readonly ContentSpec[] = [
  { bytes: 100_001, pieceBytes: 32_768 },
  { bytes: 1, name: 'tiny' },
  { file: 'music.mp3', pieceBytes: 65_536 },
  {
    name: 'album',
    files: [
      { path: 'b/two.txt', bytes: 70_000 },
      { path: 'a/one.txt', bytes: 20_000 },
      { path: 'empty', bytes: 0 },
    ],
    pieceBytes: 16_384,
  },
];

const made = (fidelity: Fidelity) =>
  makeContents(specs, { tools: machineTools(), fidelity, announceUrl, seed: 7 });

it('is the same in both fidelities, but for the bytes themselves', () => {
  const exact = made('byte-exact');
  const elided = made('elided');
  expect(elided.map(({ facts }) => facts)).toEqual(exact.map(({ facts }) => facts));
  expect(elided.map(({ torrent }) => torrent)).toEqual(exact.map(({ torrent }) => torrent));
  expect(elided.map(({ bytes }) => bytes)).toEqual(specs.map(() => undefined));
  expect(exact.map(({ bytes, facts }) => bytes?.length === facts.length)).toEqual(
    specs.map(() => true),
  );
});

it('is what the loopback world shares for the same seed', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'swarmproof-content-'));
  try {
    const inputDir = join(packageDir, 'input');
    const real = await makeRealContents(specs, { dir, inputDir, announceUrl, seed: 7 });
    expect(made('elided').map(({ facts }) => facts)).toEqual(real.map(({ facts }) => facts));
  } finally {
    await rm(dir, { recursive: true });
  }
});

it('differs from seed to seed', () => {
  const of = (seed: number): string | undefined =>
    makeContents(specs.slice(0, 1), {
      tools: machineTools(),
      fidelity: 'elided',
      announceUrl,
      seed,
    })[0]?.facts.infoHash;
  expect(of(1)).not.toBe(of(2));
  expect(of(1)).toBe(of(1));
});

it('refuses files outside of the folder it may read', () => {
  const outside: ContentSpec = { file: '../package.json' };
  expect(() =>
    makeContents([outside], { tools: machineTools(), fidelity: 'elided', announceUrl, seed: 1 }),
  ).toThrow('leads out of');
});
