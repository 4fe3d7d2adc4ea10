/** A command that ends early, with a sentence for the user and a code for scripts. */
import { ScenarioError } from '../../sim/scenario-error.ts';
import { exitCode, type ExitCode } from './exit-code.ts';

/** The `{"error": ...}` document of `--json`. `offset` is the byte of the file at which it stops making sense. */
export type ErrorDocument = {
  readonly error: { readonly code: string; readonly message: string; readonly offset?: number };
};

export class CommandError extends Error {
  override readonly name = 'CommandError';
  readonly code: string;
  readonly exit: ExitCode;
  readonly offset: number | undefined;

  constructor(
    message: string,
    how: { code: string; exit: ExitCode; offset?: number; cause?: unknown },
  ) {
    super(message, { cause: how.cause });
    this.code = how.code;
    this.exit = how.exit;
    this.offset = how.offset;
  }

  toDocument(): ErrorDocument {
    const { code, message, offset } = this;
    return { error: { code, message, ...(offset === undefined ? {} : { offset }) } };
  }
}

export const usageError = (message: string): CommandError =>
  new CommandError(message, { code: 'usage', exit: exitCode.usage });

/** What each kind of error of ours means for the exit code. */
const exits: ReadonlyMap<string, ExitCode> = new Map([
  ['BencodeError', exitCode.usage],
  ['MetainfoError', exitCode.usage],
  ['MagnetError', exitCode.usage],
  ['ScenarioError', exitCode.usage],
  ['DiskError', exitCode.unable],
  ['TrackerStartError', exitCode.unable],
  ['TrackerRequestError', exitCode.unable],
  ['Interrupted', exitCode.interrupted],
  ['AbortError', exitCode.interrupted],
]);

/** The system's codes for files that were named wrongly, in words. */
const badPath: ReadonlyMap<string, string> = new Map([
  ['EACCES', 'this user may not open it'],
  ['EISDIR', 'is a directory'],
  ['ENOENT', 'no such file'],
  ['ENOTDIR', 'a part of the path is no directory'],
  ['EPERM', 'this user may not do that'],
]);

/** Sorts whatever was thrown. What nobody foresaw is our mistake: it keeps its stack as the cause. */
export function toCommandError(error: unknown): CommandError {
  if (error instanceof CommandError) return error;
  const code = codeOf(error);
  const message = messageOf(error, code);
  const offset = offsetOf(error);
  const how = { code, exit: exitFor(error, code), cause: error };
  return new CommandError(message, { ...how, ...(offset !== undefined && { offset }) });
}

function messageOf(error: unknown, code: string): string {
  if (!(error instanceof Error)) return String(error);
  const words = badPath.get(code);
  const isAboutPath = words !== undefined && 'path' in error && error.name === 'Error';
  return isAboutPath ? `${String(error.path)}: ${words}` : error.message;
}

function codeOf(error: unknown): string {
  if (error instanceof ScenarioError) return 'scenario';
  if (error instanceof Error && error.name === 'Interrupted') return 'interrupted';
  return errnoOf(error) ?? 'internal';
}

/** What a thrown system error or one of our coded errors calls itself, `ENOENT`; undefined for any other. */
export function errnoOf(error: unknown): string | undefined {
  const isCoded = error instanceof Error && 'code' in error && typeof error.code === 'string';
  return isCoded ? (error.code as string) : undefined;
}

const offsetOf = (error: unknown): number | undefined =>
  error instanceof Error && 'offset' in error && typeof error.offset === 'number'
    ? error.offset
    : undefined;

function exitFor(error: unknown, code: string): ExitCode {
  if (!(error instanceof Error)) return exitCode.failed;
  if (error.name === 'TrackerRequestError' && code === 'aborted') return exitCode.interrupted;
  const known = exits.get(error.name);
  if (known !== undefined) return known;
  if (badPath.has(code) && !('port' in error)) return exitCode.usage;
  // What else the system refuses (a port, a connection, a full disk), no command line can change.
  return 'errno' in error ? exitCode.unable : exitCode.failed;
}
