/** What a driver needs of a session, so that it may drive another machine in its place. */
import type { Instant } from '../time.ts';
import type { ConnectionId } from '../torrent/ids.ts';
import type { TorrentOutput } from './jobs.ts';
import type { SessionInput } from './session.ts';

export interface SessionMachine {
  /** When `handle` next wants a `tick`, if nothing else happens first. */
  readonly deadline: Instant | undefined;
  /** An id for a connection that somebody opened to us. */
  newConnection(): ConnectionId;
  /** Takes one input and returns everything it causes. Never throws on what others sent. */
  handle(now: Instant, input: SessionInput): readonly TorrentOutput[];
}
