/** Sends a message that is longer than any may be. */
import { maxFrameBytes } from '../../core/peer/reader.ts';
import type { Trick } from './trick.ts';

/** The number of no message that anybody knows. */
const id = 99;
const payload = new Uint8Array(maxFrameBytes);

export const oversize = (): Trick => ({
  opened: (line) => {
    line.say({ type: 'unknown', id, payload });
  },
});
