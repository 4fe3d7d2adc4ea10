/** One command of the command line: its words, its options, and what it does. */
import type { InferredOptionTypes, Options, PositionalOptions } from 'yargs';
import type { ExitCode } from './exit-code.ts';
import type { Output } from './output.ts';
import type { Terminal } from './terminal.ts';

export type Context = { readonly terminal: Terminal; readonly output: Output };

export type Positionals = Readonly<Record<string, PositionalOptions>>;
export type Flags = Readonly<Record<string, Options>>;

export type Command = {
  /** As yargs writes it: `verify <torrent> <path>`. */
  readonly syntax: string;
  readonly describe: string;
  readonly positionals: Positionals;
  readonly flags: Flags;
  readonly examples: readonly Example[];
  run(args: unknown, context: Context): Promise<ExitCode>;
};

export type Example = readonly [command: string, what: string];

export type CommandSpec<P, F> = {
  readonly syntax: string;
  readonly describe: string;
  readonly positionals: P;
  readonly flags: F;
  readonly examples?: readonly Example[];
  /** Resolves when the command is done; throws `CommandError` for what the user should know. */
  readonly run: (args: ArgsOf<P, F>, context: Context) => Promise<ExitCode>;
};

/** What the options turn into, under the names they have on the command line. */
export type ArgsOf<P, F> = InferredOptionTypes<MutableOptions<P & F>>;
type MutableOptions<T> = { -readonly [Key in keyof T]: T[Key] extends Options ? T[Key] : never };

/** Checks `run` against the options beside it, then forgets the types so that commands fit into one list. */
export function defineCommand<const P extends Positionals, const F extends Flags>(
  spec: CommandSpec<P, F>,
): Command {
  const { run, examples = [], ...rest } = spec;
  return { ...rest, examples, run: (args, context) => run(args as ArgsOf<P, F>, context) };
}
