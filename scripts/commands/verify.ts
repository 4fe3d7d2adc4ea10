/** `swarmproof verify TORRENT PATH`: whether what lies at PATH is what the torrent describes. */
import { stat } from 'node:fs/promises';
import { checkContent } from '../sharing/check-content.ts';
import { type Command, defineCommand } from '../command-line/command.ts';
import { exitCode } from '../command-line/exit-code.ts';
import { hashing } from '../show/hashing.ts';
import { printable } from '../show/printable.ts';
import { stopRequest } from '../command-line/terminal.ts';
import { readTorrentFile } from '../sharing/torrent-source.ts';

/** Bad pieces named on one line. */
const maxNamed = 20;

export const verifyCommand: Command = defineCommand({
  syntax: 'verify <torrent> <path>',
  describe: 'hash a file or directory against a .torrent file; exits with 1 when it differs',
  positionals: {
    torrent: { type: 'string', demandOption: true, describe: 'the .torrent file' },
    path: {
      type: 'string',
      demandOption: true,
      describe: 'the file, or the directory of its files',
    },
  },
  flags: {},
  run: async (args, { terminal, output }) => {
    using stop = stopRequest(terminal);
    const metainfo = await readTorrentFile(args.torrent);
    await stat(args.path);
    const { isWhole, piecesGood, bad } = await hashing(output, args.path, (onProgress) =>
      checkContent(metainfo, args.path, { onProgress, signal: stop.signal }),
    );
    const { infoHash, name, pieceCount } = metainfo;
    output.document({
      path: args.path,
      infoHash,
      verified: isWhole,
      pieces: pieceCount,
      piecesGood,
      bad,
    });
    output.answer(
      isWhole
        ? `${args.path}: every piece of ${printable(name)} is right`
        : `${args.path}: ${piecesGood} of ${pieceCount} pieces are right; bad: ${named(bad)}`,
    );
    return isWhole ? exitCode.passed : exitCode.failed;
  },
});

const named = (bad: readonly number[]): string =>
  bad.slice(0, maxNamed).join(', ') + (bad.length > maxNamed ? ', ...' : '');
