/** `npm run hostile`: plays every kind of hostile peer and tracker and writes the table into docs/hostile.md. */
import { readFileSync, writeFileSync } from 'node:fs';
import { threatKinds } from '../../sim/hostile/catalogue.ts';
import { packageFile } from '../package-file.ts';
import { playKinds } from '../scenario/play-kinds.ts';
import { hostileMarkdown } from '../show/hostile-table.ts';

const file = packageFile('docs', 'hostile.md');
const marked = /(<!-- table: begin -->\n)[^]*(<!-- table: end -->)/;

const { signal } = new AbortController();
const how = { seed: 1, signal, set: [], world: 'virtual', fidelity: 'byte-exact' } as const;
const rows = await playKinds(threatKinds, how);
const text = readFileSync(file, 'utf8');
if (!marked.test(text)) throw new Error('docs/hostile.md has no place for the table');
writeFileSync(
  file,
  text.replace(marked, (_, begin, end) => `${begin}\n${hostileMarkdown(rows)}\n\n${end}`),
);
if (rows.some(({ verdict }) => verdict === 'failed')) process.exitCode = 1;
