/** What this machine lends to a world that has none of its own: hashes, files to share and facts for the report. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sha1 } from '../../core/net/hash.ts';
import type { Digest, Tools } from '../tools.ts';
import { seededBytes } from './bench-bytes.ts';
import { machineFacts, packageDir } from './environment.ts';
import { insideOf } from './contents.ts';

/** `inputDir` is where `{ file }` contents are looked for: `input/` of this package unless said. */
export const machineTools = ({
  inputDir = join(packageDir, 'input'),
}: { readonly inputDir?: string } = {}): Tools => ({
  sha1,
  sha256,
  seededBytes,
  readInput: (path) => readFileSync(insideOf(inputDir, path)),
  environment: machineFacts(new Date().toISOString()),
});

function sha256(): Digest {
  const hash = createHash('sha256');
  return {
    update: (bytes) => void hash.update(bytes),
    hex: () => hash.digest('hex'),
  };
}
