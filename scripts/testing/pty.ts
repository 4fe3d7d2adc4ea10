/** A person at a terminal: the built program behind a pseudo-terminal, by `script` of util-linux. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { packageFile } from '../package-file.ts';

/** Why there can be no such test here; undefined when there can. */
export function ptyProblem(): string | undefined {
  if (process.platform !== 'linux') return 'needs Linux: `script` is another program elsewhere';
  const isThere = spawnSync('script', ['--version']).status === 0;
  return isThere ? undefined : 'needs `script`: apt-get install bsdutils';
}

/** What a person has the patience for. */
const patienceMs = 30_000;

export class TerminalSession implements AsyncDisposable {
  readonly #child: ChildProcess;
  readonly #folder: string;
  readonly #name: string;
  #screen = '';
  #mark = 0;

  /** Starts `swarmproof ...argv` with `folder` as its current one; its stderr goes to a file, to be looked at later. */
  constructor(name: string, folder: string, argv: readonly string[]) {
    this.#folder = folder;
    this.#name = name;
    const words = [process.execPath, packageFile('dist/scripts/cli.js'), ...argv].map(quoted);
    const command = `stty rows 40 cols 120; echo $$ > ${name}.pid; exec ${words.join(' ')} 2> ${name}.err`;
    this.#child = spawn('script', ['--quiet', '--return', '--command', command, '/dev/null'], {
      cwd: folder,
      env: { ...process.env, SHELL: '/bin/sh', TERM: 'xterm' },
    });
    this.#child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      this.#screen += text;
      this.#child.emit('screen');
    });
  }

  /** Waits until the screen shows the pattern after what earlier calls have seen; returns its groups. */
  async sees(pattern: RegExp): Promise<readonly string[]> {
    const signal = AbortSignal.timeout(patienceMs);
    for (;;) {
      const fresh = stripVTControlCharacters(this.#screen.slice(this.#mark));
      const found = pattern.exec(fresh);
      if (found !== null) {
        this.#mark = this.#screen.length;
        return found;
      }
      await once(this.#child, 'screen', { signal }).catch(() => {
        throw new Error(
          `${this.#name} never showed ${String(pattern)}; it shows:\n${fresh}\n${this.stderr}`,
        );
      });
    }
  }

  types(line: string): void {
    this.#child.stdin?.write(`${line}\r`);
  }

  pressesCtrlC(): void {
    this.#child.stdin?.write('\u0003');
  }

  /** As if the machine were unplugged. */
  kills(): void {
    process.kill(Number(readFileSync(join(this.#folder, `${this.#name}.pid`), 'utf8')), 'SIGKILL');
  }

  /** The exit code, once it has ended. */
  async ends(): Promise<number | null> {
    if (this.#child.exitCode === null)
      await once(this.#child, 'exit', { signal: AbortSignal.timeout(patienceMs) });
    return this.#child.exitCode;
  }

  get stderr(): string {
    return readFileSync(join(this.#folder, `${this.#name}.err`), 'utf8');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    this.#child.stdin?.end();
    this.#child.kill('SIGTERM');
    await once(this.#child, 'exit');
  }
}

const quoted = (word: string): string => `'${word.replaceAll("'", "'\\''")}'`;
