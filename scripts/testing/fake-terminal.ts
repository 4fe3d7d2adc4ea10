/** A terminal for tests: what is typed is handed in, what is said is kept. */
import { PassThrough, Writable } from 'node:stream';
import { runCommandLine } from '../command-line/command-line.ts';
import type { ExitCode } from '../command-line/exit-code.ts';
import type { Interrupt, Terminal, TextSink } from '../command-line/terminal.ts';

export class FakeTerminal implements Terminal {
  readonly stdin: PassThrough = new PassThrough();
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly #out: Kept;
  readonly #err: Kept;
  readonly #listeners = new Set<(interrupt: Interrupt) => void>();
  exitedNow: number | undefined;

  /** `isLive`: as if a person looked on, so that there are bars and colours. */
  constructor(env: Readonly<Record<string, string | undefined>> = {}, isLive: boolean = false) {
    this.env = env;
    this.#out = new Kept(isLive);
    this.#err = new Kept(isLive);
  }

  get stdout(): TextSink {
    return this.#out;
  }

  get stderr(): TextSink {
    return this.#err;
  }

  /** Everything printed to stdout so far. */
  get out(): string {
    return this.#out.text;
  }

  get err(): string {
    return this.#err.text;
  }

  onInterrupt(listener: (interrupt: Interrupt) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  exitNow(code: number): void {
    this.exitedNow = code;
  }

  interrupt(name: Interrupt = 'SIGINT'): void {
    for (const listener of [...this.#listeners]) listener(name);
  }

  type(...lines: readonly string[]): void {
    for (const line of lines) this.stdin.write(`${line}\n`);
  }

  /** Resolves when stdout has matched the pattern, from `since` on. */
  async until(pattern: RegExp, since = 0): Promise<void> {
    while (!pattern.test(this.out.slice(since)))
      await new Promise<void>((resolve) => this.#out.once('kept', resolve));
  }
}

class Kept extends Writable {
  readonly isTTY: boolean;
  text = '';

  constructor(isTTY: boolean) {
    super();
    this.isTTY = isTTY;
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    this.text += chunk.toString();
    this.emit('kept');
    done();
  }
}

export type Played = { readonly exit: ExitCode; readonly out: string; readonly err: string };

/** Runs one command line to its end. */
export async function play(
  argv: readonly string[],
  terminal: FakeTerminal = new FakeTerminal(),
): Promise<Played> {
  const exit = await runCommandLine(argv, terminal);
  return { exit, out: terminal.out, err: terminal.err };
}
