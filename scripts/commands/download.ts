/** `swarmproof download TORRENT|ID|MAGNET`: downloads, checks, and seeds on. */
import { performance } from 'node:perf_hooks';
import type { RunningTorrent } from '../../core/net/running-torrent.ts';
import type { Metainfo } from '../../core/torrent/metainfo.ts';
import { checkContent } from '../sharing/check-content.ts';
import { type Command, defineCommand } from '../command-line/command.ts';
import { usageError } from '../command-line/command-error.ts';
import { exitCode, type ExitCode } from '../command-line/exit-code.ts';
import { followDownload } from '../sharing/follow-download.ts';
import { peerFlags, placeFlags, rateFlags } from '../options/peer-flags.ts';
import { sharingOptions } from '../options/sharing-options.ts';
import {
  isLoopbackIp,
  isLoopbackUrl,
  type TrackerPlace,
  trackerPlace,
} from '../options/tracker-url.ts';
import type { Output } from '../command-line/output.ts';
import { seedUntil } from '../sharing/seed-until.ts';
import { Sharing } from '../sharing/sharing.ts';
import { rateText, sizeText } from '../show/units.ts';
import { stopRequest } from '../command-line/terminal.ts';
import { resolveTorrent } from '../sharing/torrent-source.ts';

export const downloadCommand: Command = defineCommand({
  syntax: 'download <torrent>',
  describe: 'download by .torrent file, by id in the list of a tracker, or by magnet link',
  positionals: {
    torrent: {
      type: 'string',
      demandOption: true,
      describe: 'a .torrent file, an id, or a magnet link',
    },
  },
  flags: { ...peerFlags, ...placeFlags, ...rateFlags },
  examples: [
    ['download 0', 'torrent 0 of the tracker at 127.0.0.1:8888'],
    ['download file.torrent --ip 192.168.1.7 --no-seed', 'from the network; leave when complete'],
  ],
  run: async (args, { terminal, output }) => {
    using stop = stopRequest(terminal);
    const tracker = trackerPlace(args.tracker ?? '127.0.0.1:8888');
    const metainfo = await resolveTorrent(args.torrent, tracker, stop.signal);
    const trackers =
      args.tracker === undefined ? trackersOf(metainfo, tracker, args.ip) : [[tracker.announceUrl]];
    await using sharing = await Sharing.start(sharingOptions(args, tracker));
    const startedAt = performance.now();
    const torrent = await sharing.download(metainfo, { trackers, signal: stop.signal });
    await followDownload(output, torrent, stop.signal);
    const exit = await report(output, torrent, (performance.now() - startedAt) / 1_000);
    if (args.seed && exit === exitCode.passed) await seedUntil(output, sharing, stop.signal);
    return exit;
  },
});

/** Those the torrent names; a peer that is bound to loopback can reach no others and says so before it starts. */
function trackersOf(
  { trackers }: Metainfo,
  fallback: TrackerPlace,
  ip: string,
): readonly (readonly string[])[] {
  if (trackers.length === 0) return [[fallback.announceUrl]];
  if (isLoopbackIp(ip) && !trackers.flat().some(isLoopbackUrl))
    throw usageError(
      `the trackers of this torrent are outside this machine (${trackers.flat().join(', ')}): say --ip with an address of yours to go there, or --tracker to use another`,
    );
  return trackers;
}

/** The whole file is read back once more: what was received is not yet what is on disk. */
async function report(output: Output, torrent: RunningTorrent, seconds: number): Promise<ExitCode> {
  const { metainfo, path, infoHash } = torrent;
  const bytes = metainfo.length;
  const { isWhole: verified } = await checkContent(metainfo, path);
  output.document({ path, infoHash, verified, bytes, seconds: Number(seconds.toFixed(3)) });
  if (!verified) output.warn(`fail: ${path} is not what the torrent describes`);
  const speed = `${seconds.toFixed(1)} s, ${rateText(bytes / seconds)}`;
  if (verified) output.answer(`success: ${path}, ${sizeText(bytes)} verified, ${speed}`);
  return verified ? exitCode.passed : exitCode.failed;
}
