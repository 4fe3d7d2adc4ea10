/** Processes that never outlive the bench. */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

/** The last of what a process said, for the report of its failure. */
const maxSaidChars = 2_000;

export type Command = readonly [program: string, ...args: string[]];

const living = new Set<Child>();

/** Linux ends the child with its parent, even when that is killed outright. */
const leash: readonly string[] =
  spawnSync('setpriv', ['--pdeathsig', 'KILL', 'true']).status === 0
    ? ['setpriv', '--pdeathsig', 'KILL']
    : [];

/** Ends all that were started and have not ended. */
export async function endChildren(): Promise<void> {
  await Promise.all([...living].map((child) => child.stop()));
}

export class Child {
  readonly pid: number;
  readonly #process: ChildProcess;
  readonly #lines = new Set<string>();
  readonly #program: string;
  #said = '';
  #wake: () => void = () => undefined;
  #isOver = false;

  constructor(command: Command, home: string) {
    const [program = '', ...args] = [...leash, ...command];
    this.#program = command[0];
    this.#process = spawn(program, args, {
      stdio: ['pipe', 'pipe', 'pipe'],
      env: { ...process.env, HOME: home },
      cwd: home,
    });
    this.pid = this.#process.pid ?? -1;
    living.add(this);
    this.#listen();
  }

  say(line: string): void {
    this.#process.stdin?.write(`${line}\n`);
  }

  /** Resolves when it says this line, or has; rejects with the last of what it said when it ends before. */
  hear(line: string): Promise<void> {
    return this.until(line, () => this.#lines.has(line));
  }

  /** Resolves when the condition holds, which is looked at whenever something is said, or `poke` is called. */
  async until(what: string, holds: () => boolean): Promise<void> {
    while (!holds()) {
      if (this.#isOver)
        throw new Error(`${this.#program} ended before "${what}": ${gist(this.#said)}`);
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }

  poke(): void {
    this.#wake();
  }

  async stop(): Promise<void> {
    if (this.#isOver) return;
    const over = once(this.#process, 'exit');
    this.#process.kill('SIGKILL');
    await over;
  }

  #listen(): void {
    const { stdin, stdout, stderr } = this.#process;
    stdin?.on('error', () => undefined); // It has ended; `exit` says so.
    stderr?.on('data', (bytes: Buffer) => this.#keep(bytes.toString()));
    if (stdout !== null)
      createInterface({ input: stdout }).on('line', (line) => {
        this.#lines.add(line);
        this.#keep(`${line}\n`);
        this.#wake();
      });
    const over = (): void => {
      this.#isOver = true;
      living.delete(this);
      this.#wake();
    };
    this.#process.once('exit', over).once('error', (error) => {
      this.#keep(error.message);
      over();
    });
  }

  #keep(text: string): void {
    this.#said = (this.#said + text).slice(-maxSaidChars);
  }
}

/** The line that names the error, of a program that prints its stack as well. */
function gist(said: string): string {
  const lines = said.split('\n').filter((line) => line.trim() !== '');
  return (
    lines.find((line) => /^\w*Error\b/.test(line)) ??
    lines.at(-1) ??
    'it said nothing'
  ).trim();
}
