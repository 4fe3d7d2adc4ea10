/** `npm run readme`: writes the library's names and stories into the README. */
import { readFileSync, writeFileSync } from 'node:fs';
import { library } from '../../scenarios/library.ts';
import { packageFile } from '../package-file.ts';

const file = packageFile('README.md');
const lines = library.map(({ name, story }) => `- \`${name}\`: ${story}`);
const marked = /(<!-- scenarios: begin -->\n)[^]*(<!-- scenarios: end -->)/;
const text = readFileSync(file, 'utf8');
const parts = marked.exec(text);
if (parts === null) throw new Error('README.md has no place for the scenarios');
const [whole, begin = '', end = ''] = parts;
writeFileSync(
  file,
  text.replace(whole, () => `${begin}\n${lines.join('\n')}\n\n${end}`),
);
