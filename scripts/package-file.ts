/** Where the package's own files lie, run from its sources or from what was built of them. */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The nearest folder above this file that has a package.json. */
export const packageRoot: string = rootAbove(dirname(fileURLToPath(import.meta.url)));

/** A path inside the package as an absolute one. */
export const packageFile = (...parts: readonly string[]): string => join(packageRoot, ...parts);

/** `.ts` when run from its sources, `.js` when built: for modules that are imported by their name at run time. */
export const ownExtension: string = import.meta.url.endsWith('.ts') ? '.ts' : '.js';

function rootAbove(folder: string): string {
  if (existsSync(join(folder, 'package.json'))) return folder;
  const above = dirname(folder);
  if (above === folder) throw new Error('package.json is missing above the program');
  return rootAbove(above);
}
