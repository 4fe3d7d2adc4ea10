/** Where a command's words go: results to stdout, and with `--json` everything meant for people to stderr. */
import { styleText } from 'node:util';
import type { CommandError } from './command-error.ts';
import type { Terminal, TextSink } from './terminal.ts';

export type OutputOptions = {
  readonly json: boolean;
  readonly quiet: boolean;
  readonly verbose: boolean;
};
type Style = Parameters<typeof styleText>[0];

export class Output {
  readonly isJson: boolean;
  readonly isVerbose: boolean;
  /** Only what was asked for is said. */
  readonly isQuiet: boolean;
  /** A person looks on and wants to see bars. */
  readonly isLive: boolean;
  /** Where bars are drawn. */
  readonly sink: TextSink;
  readonly #terminal: Terminal;

  constructor(terminal: Terminal, { json, quiet, verbose }: OutputOptions) {
    this.#terminal = terminal;
    this.isQuiet = quiet;
    this.isJson = json;
    this.isVerbose = verbose;
    this.sink = json ? terminal.stderr : terminal.stdout;
    this.isLive = this.sink.isTTY === true && !quiet;
  }

  /** A line for people. */
  say(line: string): void {
    if (!this.isQuiet) this.sink.write(`${line}\n`);
  }

  /** What the command was asked for, as lines; `--quiet` leaves it alone. */
  answer(lines: string): void {
    if (!this.isJson) this.#terminal.stdout.write(`${lines}\n`);
  }

  /** What the command was asked for, as a document; printed with `--json` only. */
  document(value: unknown): void {
    if (this.isJson) this.#terminal.stdout.write(`${JSON.stringify(value, null, 2)}\n`);
  }

  warn(line: string): void {
    this.#terminal.stderr.write(`swarmproof: ${line}\n`);
  }

  fail(error: CommandError): void {
    this.document(error.toDocument());
    if (!this.isJson) this.warn(error.message);
    if (error.code === 'internal' && error.cause instanceof Error)
      this.#terminal.stderr.write(`${error.cause.stack ?? ''}\n`);
  }

  /** Colour where the sink is a terminal and NO_COLOR is not set. */
  styled(style: Style, text: string): string {
    const { NO_COLOR: noColor } = this.#terminal.env;
    const isPlain = this.sink.isTTY !== true || (noColor !== undefined && noColor !== '');
    return isPlain ? text : styleText(style, text);
  }
}
