/** Watches a download until it is complete, with a bar at a terminal. */
import type { RunningTorrent } from '../../core/net/running-torrent.ts';
import { CommandError } from '../command-line/command-error.ts';
import { exitCode } from '../command-line/exit-code.ts';
import type { Output } from '../command-line/output.ts';
import { exitOfInterrupt } from '../command-line/terminal.ts';
import { Bars } from '../show/bars.ts';
import { printable } from '../show/printable.ts';
import { pauseText, torrentLine } from '../show/torrent-line.ts';

/** Often enough for a bar to look alive. */
const lookEveryMs = 200;

/** What is needed of a `RunningTorrent`. */
export type Followed = Pick<RunningTorrent, 'completed' | 'metainfo' | 'stats' | 'stop'>;

/**
 * Resolves when everything wanted is there. When the disk stops it, or the signal is aborted, the torrent leaves
 * its swarm with what it has saved, and this rejects: the next download of it goes on from there.
 */
export async function followDownload(
  output: Output,
  torrent: Followed,
  signal: AbortSignal,
): Promise<void> {
  using bars = new Bars(output);
  const { length, name } = torrent.metainfo;
  const bar = bars.add(printable(name), length);
  let timer: NodeJS.Timeout | undefined;
  try {
    await new Promise<void>((resolve, reject) => {
      const look = (): void => {
        const stats = torrent.stats();
        bar.update(stats.bytesHave, torrentLine(stats));
        if (stats.pauseReason !== undefined) reject(paused(pauseText(stats)));
      };
      timer = setInterval(look, lookEveryMs);
      const stop = (): void => reject(interrupted(name, signal));
      signal.addEventListener('abort', stop, { once: true });
      if (signal.aborted) stop();
      void torrent.completed.then(resolve);
    });
    bar.update(length, torrentLine(torrent.stats()));
  } catch (error) {
    await torrent.stop();
    throw error;
  } finally {
    clearInterval(timer);
  }
}

const paused = (why: string): CommandError =>
  new CommandError(`paused: ${why}; what was downloaded is kept, download it again to go on`, {
    code: 'paused',
    exit: exitCode.unable,
  });

const interrupted = (name: string, signal: AbortSignal): CommandError =>
  new CommandError(`interrupted: ${name} is not complete; download it again to go on`, {
    code: 'interrupted',
    exit: exitOfInterrupt(signal),
  });
