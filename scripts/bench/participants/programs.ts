/** Where programs of the npm registry are put, and how all are installed. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** In the user's cache, apart from this package's own dependencies: nothing here ever loads them but a bench. */
const dir = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'swarmproof', 'bench');

/** A file of an installed package; undefined when it is not there. */
export function npmFile(name: string, ...path: readonly string[]): string | undefined {
  const file = join(dir, 'node_modules', name, ...path);
  return existsSync(file) ? file : undefined;
}

/** Debian's or npm's name of it. */
export type Source = { readonly apt: string } | { readonly npm: string };

/** A program that is measured, whatever it does. */
export type Program = {
  readonly name: string;
  /** Where a user gets it; undefined: it is ours. */
  readonly from?: Source;
  /** So slow here that a quick bench does without it. */
  readonly isSlow?: boolean;
  /** A process of it takes longer to start than it has work: a quick bench does without it where there are many. */
  readonly startsSlowly?: boolean;
  readonly isPresent: () => boolean;
};

/** What a user types to get it by hand. */
export const adviceFor = (from: Source): string =>
  'apt' in from ? `apt-get install ${from.apt}` : `npm run bench -- --install (${from.npm})`;

/** Installs with Debian's and npm's clients, which say what they do. No package's script is run. */
export function installPrograms(sources: readonly Source[]): void {
  const apt = sources.flatMap((from) => ('apt' in from ? [from.apt] : []));
  const npm = sources.flatMap((from) => ('npm' in from ? [from.npm] : []));
  const asRoot = process.getuid?.() === 0 ? [] : ['sudo', '-n'];
  const quietly = ['env', 'DEBIAN_FRONTEND=noninteractive'];
  call([...asRoot, 'apt-get', 'update', '-q']);
  call([
    ...asRoot,
    ...quietly,
    'apt-get',
    'install',
    '-q',
    '-y',
    '--no-install-recommends',
    ...apt,
  ]);
  preparePackage();
  call(['npm', 'install', '--prefix', dir, '--ignore-scripts', '--no-audit', '--no-fund', ...npm]);
}

/**
 * webtorrent loads WebRTC, which is a compiled module that a script would fetch, even where it speaks TCP alone:
 * something of the same shape stands in for it.
 */
function preparePackage(): void {
  const standIn = join(dir, 'no-webrtc');
  mkdirSync(standIn, { recursive: true });
  const names = ['RTCPeerConnection', 'RTCSessionDescription', 'RTCIceCandidate'];
  const code = names.map((name) => `export class ${name} {}\n`).join('');
  writeFileSync(join(standIn, 'index.js'), code);
  const named = { name: 'webrtc-polyfill', version: '1.2.2', type: 'module', main: 'index.js' };
  writeFileSync(join(standIn, 'package.json'), JSON.stringify(named));
  const root = { private: true, overrides: { 'webrtc-polyfill': 'file:./no-webrtc' } };
  writeFileSync(join(dir, 'package.json'), JSON.stringify(root));
}

function call([program = '', ...args]: readonly string[]): void {
  const { error, status } = spawnSync(program, args, { stdio: 'inherit' });
  if (error !== undefined) throw error;
  if (status !== 0) throw new Error(`${program} ${args.join(' ')} ended with ${status}`);
}
