/** Seeds until somebody stops it, with a bar for each torrent at a terminal. */
import type { Output } from '../command-line/output.ts';
import type { Sharing } from './sharing.ts';
import { Bars } from '../show/bars.ts';
import { printable } from '../show/printable.ts';
import { torrentLine } from '../show/torrent-line.ts';
import { countText } from '../show/units.ts';
import { aborted } from '../command-line/terminal.ts';

/** Often enough to see a transfer begin. */
const lookEveryMs = 500;

/** Resolves when the trackers have been told that we leave. A full bar is one copy given away. */
export async function seedUntil(
  output: Output,
  sharing: Sharing,
  signal: AbortSignal,
): Promise<void> {
  output.say('Seeding; Ctrl+C stops.');
  await watchUntil(output, sharing, signal);
  const left = await sharing.leaveAll();
  output.say(`Stopped seeding ${countText(left.length, 'torrent')}; the tracker has been told.`);
}

async function watchUntil(output: Output, sharing: Sharing, signal: AbortSignal): Promise<void> {
  using bars = new Bars(output);
  const rows = sharing.torrents.map((torrent) => {
    const { name, length } = torrent.metainfo;
    return { torrent, length, bar: bars.add(printable(name), length) };
  });
  const look = (): void => {
    for (const { torrent, length, bar } of rows) {
      const stats = torrent.stats();
      bar.update(Math.min(length, stats.bytesUp), torrentLine(stats));
    }
  };
  const timer = setInterval(look, lookEveryMs);
  await aborted(signal);
  clearInterval(timer);
}
