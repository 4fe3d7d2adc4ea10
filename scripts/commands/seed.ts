/** `swarmproof seed FILE...`: publishes and seeds until it is stopped. */
import { endpointKey } from '../../core/torrent/ids.ts';
import { type Command, type Context, defineCommand } from '../command-line/command.ts';
import { exitCode } from '../command-line/exit-code.ts';
import { peerFlags, placeFlags, rateFlags } from '../options/peer-flags.ts';
import { sharingOptions } from '../options/sharing-options.ts';
import { trackerPlace } from '../options/tracker-url.ts';
import { seedUntil } from '../sharing/seed-until.ts';
import { type Shared, Sharing } from '../sharing/sharing.ts';
import { hashing } from '../show/hashing.ts';
import { printable } from '../show/printable.ts';
import { stopRequest } from '../command-line/terminal.ts';

export const seedCommand: Command = defineCommand({
  syntax: 'seed <file..>',
  describe: 'publish files or directories at a tracker and seed them',
  positionals: {
    file: { type: 'string', array: true, demandOption: true, describe: 'files or directories' },
  },
  flags: { ...peerFlags, ...placeFlags, ...rateFlags },
  examples: [['seed input/music.mp3', 'seed a file at the tracker 127.0.0.1:8888']],
  run: async (args, context) => {
    using stop = stopRequest(context.terminal);
    await using sharing = await Sharing.start(
      sharingOptions(args, trackerPlace(args.tracker ?? '127.0.0.1:8888')),
    );
    const shared: Shared[] = [];
    for (const path of args.file) shared.push(await upload(context, sharing, path, stop.signal));
    context.output.document(seedDocument(sharing, shared));
    if (args.seed) await seedUntil(context.output, sharing, stop.signal);
    return exitCode.passed;
  },
});

async function upload(
  { output }: Context,
  sharing: Sharing,
  path: string,
  signal: AbortSignal,
): Promise<Shared> {
  const shared = await hashing(output, path, (onProgress) =>
    sharing.upload(path, onProgress, signal),
  );
  const { name, infoHash } = shared.torrent.metainfo;
  const where = endpointKey(sharing.address);
  output.say(
    `success: seeding ${printable(name)} at ${where} as torrent ${shared.id}, info hash ${infoHash}`,
  );
  return shared;
}

const seedDocument = (sharing: Sharing, shared: readonly Shared[]): object => ({
  peerId: sharing.peerId,
  address: sharing.address,
  torrents: shared.map(({ id, torrent }) => ({
    id,
    name: torrent.metainfo.name,
    infoHash: torrent.infoHash,
    path: torrent.path,
  })),
});
