/** Why a question to a tracker got no answer, as a code that a person and a program can act on. */

/**
 * - `bad-url`: not an HTTP address that may be asked.
 * - `unreachable`: no connection, or it broke; `cause` is the system's error.
 * - `timed-out`: no whole answer in time.
 * - `aborted`: the caller's signal.
 * - `too-large`: more bytes than an answer may have, before or after unpacking.
 * - `redirected`: too often, or to where no tracker may send us.
 * - `bad-answer`: what came is no answer.
 * - `not-found`: the tracker has no such torrent.
 * - `refused`: the tracker says no, and why.
 */
export type TrackerRequestErrorCode =
  | 'bad-url'
  | 'unreachable'
  | 'timed-out'
  | 'aborted'
  | 'too-large'
  | 'redirected'
  | 'bad-answer'
  | 'not-found'
  | 'refused';

export class TrackerRequestError extends Error {
  override readonly name = 'TrackerRequestError';
  readonly code: TrackerRequestErrorCode;

  constructor(code: TrackerRequestErrorCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? {} : { cause });
    this.code = code;
  }
}
