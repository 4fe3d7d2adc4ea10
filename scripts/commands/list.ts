/** `swarmproof list`: what the tracker offers. */
import { type Command, defineCommand } from '../command-line/command.ts';
import { exitCode } from '../command-line/exit-code.ts';
import { trackerPlace } from '../options/tracker-url.ts';
import { catalogueTable } from '../show/catalogue-table.ts';
import { stopRequest } from '../command-line/terminal.ts';
import { catalogueOf } from '../sharing/torrent-source.ts';

export const listCommand: Command = defineCommand({
  syntax: 'list',
  describe: 'the torrents of a tracker, with their seeders and leechers',
  positionals: {},
  flags: {
    tracker: {
      type: 'string',
      default: '127.0.0.1:8888',
      requiresArg: true,
      describe: 'HOST:PORT or URL',
    },
  },
  run: async (args, { terminal, output }) => {
    using stop = stopRequest(terminal);
    const entries = await catalogueOf(trackerPlace(args.tracker), stop.signal);
    output.document(entries);
    output.answer(catalogueTable(entries));
    return exitCode.passed;
  },
});
