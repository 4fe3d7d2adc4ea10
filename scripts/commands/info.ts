/** `swarmproof info FILE`: what a .torrent file says. */
import { type Command, defineCommand } from '../command-line/command.ts';
import { exitCode } from '../command-line/exit-code.ts';
import { metainfoDocument, metainfoLines } from '../show/metainfo-document.ts';
import { readTorrentFile } from '../sharing/torrent-source.ts';

export const infoCommand: Command = defineCommand({
  syntax: 'info <file>',
  describe: 'what a .torrent file says; a bad one exits with 2',
  positionals: {
    file: { type: 'string', demandOption: true, describe: 'the .torrent file' },
  },
  flags: {},
  run: async (args, { output }) => {
    const metainfo = await readTorrentFile(args.file);
    output.document(metainfoDocument(metainfo));
    output.answer(metainfoLines(metainfo));
    return exitCode.passed;
  },
});
