/** Why a tracker did not start, as a code that a person and a program can act on. */
import { type Endpoint, endpointKey } from '../torrent/ids.ts';

export type TrackerStartErrorCode = 'address-in-use' | 'no-such-address' | 'not-allowed' | 'failed';

export class TrackerStartError extends Error {
  override readonly name = 'TrackerStartError';
  readonly code: TrackerStartErrorCode;

  constructor(code: TrackerStartErrorCode, message: string, cause: unknown) {
    super(message, { cause });
    this.code = code;
  }
}

/** Turns what listening threw into words. */
export function startErrorOf(error: unknown, endpoint: Endpoint): TrackerStartError {
  const errno = error instanceof Error && 'code' in error ? String(error.code) : '';
  const [code, words] = meaning[errno] ?? (['failed', `cannot listen (${errno})`] as const);
  return new TrackerStartError(code, `${endpointKey(endpoint)}: ${words}`, error);
}

const meaning: Readonly<Record<string, readonly [TrackerStartErrorCode, string]>> = {
  EADDRINUSE: ['address-in-use', 'another program listens there already; choose another port'],
  EADDRNOTAVAIL: ['no-such-address', 'this machine has no such address'],
  ENOTFOUND: ['no-such-address', 'this machine has no such address'],
  EACCES: ['not-allowed', 'this user may not listen there; choose a port above 1023'],
};
