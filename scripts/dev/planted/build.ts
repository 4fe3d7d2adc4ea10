/** A scratch build of the hunt with a fault planted in core: one file, made in a moment. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Plugin, build } from 'esbuild';
import { packageFile } from '../../package-file.ts';
import { type Fault, planted } from './fault.ts';

/** Writes it to `outfile`, from where the packages of this repository can be found. */
export async function buildWith(fault: Fault, outfile: string): Promise<void> {
  await build({
    entryPoints: [packageFile('scripts', 'dev', 'planted', 'hunt-fault.ts')],
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    packages: 'external',
    logLevel: 'error',
    outfile,
    plugins: [planting(fault)],
  });
}

function planting(fault: Fault): Plugin {
  const path = packageFile('core', ...fault.file.split('/'));
  return {
    name: 'planting',
    setup: ({ onLoad }) => {
      onLoad({ filter: /\.ts$/ }, async (args) => {
        if (join(args.path) !== path) return undefined;
        return { contents: planted(fault, await readFile(path, 'utf8')), loader: 'ts' };
      });
    },
  };
}
