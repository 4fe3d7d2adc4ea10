/** The whole command line as one function: words in, exit code out. */
import { readFileSync } from 'node:fs';
import yargs, { type Argv } from 'yargs';
import type { Command, Context } from './command.ts';
import { CommandError, toCommandError, usageError } from './command-error.ts';
import { commands } from '../commands/all.ts';
import { exitCode, type ExitCode, exitCodeHelp } from './exit-code.ts';
import { Output } from './output.ts';
import { packageFile } from '../package-file.ts';
import { configFileOf, readSettings, type Settings } from './settings.ts';
import type { Terminal } from './terminal.ts';

const commonFlags = {
  json: { type: 'boolean', default: false, describe: 'one JSON document on stdout' },
  quiet: { type: 'boolean', default: false, describe: 'no progress, no remarks' },
  verbose: { type: 'boolean', default: false, describe: 'say more' },
  config: { type: 'string', describe: 'JSON file with defaults for options', requiresArg: true },
} as const;

/** Never rejects. Prints what went wrong and returns the code for it. */
export async function runCommandLine(
  argv: readonly string[],
  terminal: Terminal,
): Promise<ExitCode> {
  let output = outputFor(argv, terminal, new Map());
  try {
    const settings = readSettings(terminal.env, configFileOf(argv));
    output = outputFor(argv, terminal, settings);
    return await dispatch(argv, settings, { terminal, output });
  } catch (error) {
    const known = toCommandError(error);
    output.fail(known);
    return known.exit;
  }
}

/** Made before parsing, since parsing may fail and its error must go to the right place. */
function outputFor(argv: readonly string[], terminal: Terminal, settings: Settings): Output {
  const isOn = (name: string): boolean => {
    if (argv.includes(`--no-${name}`) || argv.includes(`--${name}=false`)) return false;
    if (argv.includes(`--${name}`) || argv.includes(`--${name}=true`)) return true;
    return fitted(settings.get(name) ?? false, 'boolean') === true;
  };
  return new Output(terminal, {
    json: isOn('json'),
    quiet: isOn('quiet'),
    verbose: isOn('verbose'),
  });
}

async function dispatch(
  argv: readonly string[],
  settings: Settings,
  context: Context,
): Promise<ExitCode> {
  let chosen: (() => Promise<ExitCode>) | undefined;
  const parser = parserFor(settings, (command, args) => {
    chosen = () => command.run(args, context);
  });
  let text = '';
  await parser.parseAsync([...argv], {}, (_error: unknown, _args: unknown, shown: string) => {
    text = shown;
  });
  if (text !== '') context.terminal.stdout.write(`${text}\n`);
  return chosen === undefined ? exitCode.passed : chosen();
}

type OnCommand = (command: Command, args: unknown) => void;

function parserFor(settings: Settings, onCommand: OnCommand): Argv {
  const parser = yargs([])
    .scriptName('swarmproof')
    .usage('$0 <command>\n\nA real BitTorrent peer and tracker inside a test bench for swarms.')
    .options(withSettings(commonFlags, settings))
    .exitProcess(false)
    .version(version())
    .alias({ help: 'h', version: 'V' })
    .strict()
    .recommendCommands()
    .demandCommand(1, 'Which command? `swarmproof --help` lists them.')
    .completion('completion', 'print a completion script for your shell')
    .epilogue(exitCodeHelp)
    .wrap(Math.min(100, process.stdout.columns ?? 100))
    .fail((message: string | null, error: Error | undefined) => {
      throw error instanceof CommandError
        ? error
        : usageError(message ?? error?.message ?? 'usage');
    });
  for (const command of commands) attach(parser, command, { settings, onCommand });
  return parser;
}

function attach(
  parser: Argv,
  command: Command,
  { settings, onCommand }: { settings: Settings; onCommand: OnCommand },
): void {
  parser.command(
    command.syntax,
    command.describe,
    (inner) => {
      for (const [name, option] of Object.entries(command.positionals))
        inner.positional(name, option);
      for (const [example, what] of command.examples) inner.example(`$0 ${example}`, what);
      return inner.options(withSettings(command.flags, settings));
    },
    (args) => {
      refuseRepeated(command.flags, args);
      onCommand(command, args);
    },
  );
}

/** yargs makes a list of an option that is given twice; which one was meant is not for us to guess. */
function refuseRepeated(flags: Command['flags'], args: Readonly<Record<string, unknown>>): void {
  for (const [name, option] of Object.entries(flags))
    if (option.array !== true && Array.isArray(args[name]))
      throw usageError(`--${name} was given more than once`);
}

/** The options with the defaults that the environment or the config file gives them. */
function withSettings(flags: Command['flags'], settings: Settings): Command['flags'] {
  return Object.fromEntries(
    Object.entries(flags).map(([name, option]) => {
      if (!settings.has(name)) return [name, option];
      return [
        name,
        { ...option, demandOption: false, default: fitted(settings.get(name), option.type) },
      ];
    }),
  );
}

/** The environment knows only text. */
function fitted(value: unknown, type: string | undefined): unknown {
  if (typeof value !== 'string') return value;
  if (type === 'boolean') return value !== '0' && value !== 'false';
  return type === 'number' ? Number(value) : value;
}

function version(): string {
  const { version: told } = JSON.parse(readFileSync(packageFile('package.json'), 'utf8')) as {
    version: string;
  };
  return told;
}
