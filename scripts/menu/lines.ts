/** Answers, line by line: typed at a terminal or read from a pipe. */
import { createInterface, type Interface } from 'node:readline';
import type { Terminal } from '../command-line/terminal.ts';

export class Lines implements Disposable {
  readonly #interface: Interface;
  readonly #terminal: Terminal;
  readonly #isTyped: boolean;
  readonly #read: string[] = [];
  #hasEnded = false;
  #wake: () => void = () => undefined;

  /** `onInterrupt` is called for a Ctrl+C that the line editor sees before the process does. */
  constructor(terminal: Terminal, onInterrupt: () => void) {
    const { stdin, stdout } = terminal;
    this.#terminal = terminal;
    this.#isTyped = stdin.isTTY === true && stdout.isTTY === true;
    this.#interface = createInterface({ input: stdin, output: stdout, terminal: this.#isTyped });
    this.#interface.on('SIGINT', onInterrupt);
    this.#interface.on('line', (line) => {
      this.#read.push(line);
      this.#wake();
    });
    this.#interface.on('close', () => {
      this.#hasEnded = true;
      this.#wake();
    });
  }

  /** No more lines will come than those already read. */
  get hasEnded(): boolean {
    return this.#hasEnded && this.#read.length === 0;
  }

  /** The next line, trimmed; undefined when the input has ended or the signal is aborted. */
  async ask(question: string, signal: AbortSignal): Promise<string | undefined> {
    this.#interface.setPrompt(question);
    if (!this.#hasEnded) this.#interface.prompt();
    else this.#terminal.stdout.write(question);
    await this.#lineOr(signal);
    const line = signal.aborted ? undefined : this.#read.shift();
    // What was typed stands on the screen already; what came from a pipe does not.
    if (!this.#isTyped || line === undefined) this.#terminal.stdout.write(`${line ?? ''}\n`);
    return line?.trim();
  }

  [Symbol.dispose](): void {
    this.#interface.close();
  }

  #lineOr(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
      if (this.#read.length > 0 || this.#hasEnded || signal.aborted) return resolve();
      signal.addEventListener('abort', () => resolve(), { once: true });
    });
  }
}
