/** `swarmproof create PATH`: a .torrent file of a file or a directory. */
import { basename, resolve } from 'node:path';
import { writeFile, stat } from 'node:fs/promises';
import { createTorrent, type CreateTorrentOptions } from '../../core/net/create.ts';
import { parseBytes } from '../../sim/quantity.ts';
import { type Command, defineCommand } from '../command-line/command.ts';
import { usageError } from '../command-line/command-error.ts';
import { exitCode } from '../command-line/exit-code.ts';
import { hashing } from '../show/hashing.ts';
import { metainfoDocument } from '../show/metainfo-document.ts';
import { stopRequest } from '../command-line/terminal.ts';

export const createCommand: Command = defineCommand({
  syntax: 'create <path>',
  describe: 'make a .torrent file; the same input gives the same bytes',
  positionals: {
    path: { type: 'string', demandOption: true, describe: 'a file or a directory' },
  },
  flags: {
    output: {
      type: 'string',
      alias: 'o',
      requiresArg: true,
      describe: 'file to write (NAME.torrent)',
    },
    tracker: {
      type: 'string',
      array: true,
      default: [],
      requiresArg: true,
      describe: 'announce URL, first tier first',
    },
    'piece-length': {
      type: 'string',
      requiresArg: true,
      describe: '256KiB; by size when not said',
    },
    'web-seed': {
      type: 'string',
      array: true,
      default: [],
      requiresArg: true,
      describe: 'URL (BEP 19)',
    },
    private: { type: 'boolean', default: false, describe: 'peers from the tracker only (BEP 27)' },
    comment: { type: 'string', requiresArg: true, describe: 'free text' },
    date: { type: 'boolean', default: false, describe: 'write the time of creation into it' },
  },
  examples: [
    ['create holiday/ --tracker http://127.0.0.1:8888/announce', 'a torrent of a directory'],
  ],
  run: async (args, { terminal, output }) => {
    using stop = stopRequest(terminal);
    await stat(args.path); // Its error names the path as the user wrote it.
    const made = await hashing(output, args.path, (onProgress) =>
      createTorrent(args.path, { ...spec(args), onProgress, signal: stop.signal }),
    );
    const file = args.output ?? `${basename(resolve(args.path))}.torrent`;
    await writeFile(file, made.bytes);
    output.document({ path: file, ...metainfoDocument(made.metainfo) });
    output.answer(`${file}: ${made.metainfo.name}, info hash ${made.metainfo.infoHash}`);
    return exitCode.passed;
  },
});

type CreateFlags = {
  readonly tracker: readonly string[];
  readonly 'web-seed': readonly string[];
  readonly 'piece-length': string | undefined;
  readonly private: boolean;
  readonly comment: string | undefined;
  readonly date: boolean;
};

function spec(args: CreateFlags): CreateTorrentOptions {
  const pieceLength = pieceLengthOf(args['piece-length']);
  return {
    trackers: args.tracker.map((url) => [url]),
    webSeeds: args['web-seed'],
    isPrivate: args.private,
    ...(pieceLength !== undefined && { pieceLength }),
    ...(args.comment !== undefined && { comment: args.comment }),
    ...(args.date && { creationDate: Math.floor(Date.now() / 1_000) }),
  };
}

/** Below a block (BEP 3: 16 KiB) nothing is gained, and other clients refuse what is no power of two. */
const leastPieceBytes = 16 * 2 ** 10;

function pieceLengthOf(written: string | undefined): number | undefined {
  if (written === undefined) return undefined;
  const bytes = parseBytes(/^\d+$/.test(written) ? Number(written) : written);
  if (bytes === undefined || bytes < leastPieceBytes || !Number.isInteger(Math.log2(bytes)))
    throw usageError(`not a piece length: ${written} (a power of two from 16KiB up)`);
  return bytes;
}
