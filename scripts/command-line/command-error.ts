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

/** Errors of ours that say what is wrong with what the user gave us. */
const badInput = new Set(['BencodeError', 'MetainfoError', 'MagnetError', 'ScenarioError']);

/** The system's codes for what no command line can change. */
const unable = new Set([
  'EADDRINUSE',
  'EADDRNOTAVAIL',
  'ECONNREFUSED',
  'ECONNRESET',
  'EDQUOT',
  'EMFILE',
  'ENETUNREACH',
  'ENOSPC',
  'ENOTFOUND',
  'EROFS',
  'ETIMEDOUT',
]);

/** And for files that were named wrongly. */
const badPath = new Set(['EACCES', 'EISDIR', 'ENOENT', 'ENOTDIR', 'EPERM']);

/** Sorts whatever was thrown. What nobody foresaw is our mistake: it keeps its stack as the cause. */
export function toCommandError(error: unknown): CommandError {
  if (error instanceof CommandError) return error;
  if (!(error instanceof Error))
    return new CommandError(String(error), {
      code: 'internal',
      exit: exitCode.failed,
      cause: error,
    });
  const { message, name } = error;
  const code = errnoOf(error) ?? (error instanceof ScenarioError ? 'scenario' : 'internal');
  const offset = 'offset' in error && typeof error.offset === 'number' ? error.offset : undefined;
  return new CommandError(message, {
    code,
    exit: exitFor(name, code),
    cause: error,
    ...(offset === undefined ? {} : { offset }),
  });
}

/** What a thrown system error or one of our coded errors calls itself, `ENOENT`; undefined for any other. */
export function errnoOf(error: unknown): string | undefined {
  const isCoded = error instanceof Error && 'code' in error && typeof error.code === 'string';
  return isCoded ? (error.code as string) : undefined;
}

function exitFor(name: string, code: string): ExitCode {
  if (badInput.has(name) || badPath.has(code)) return exitCode.usage;
  return name === 'DiskError' || unable.has(code) ? exitCode.unable : exitCode.failed;
}
