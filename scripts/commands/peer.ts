/** `swarmproof peer [ip] [port] [tracker-ip] [tracker-port]`: a peer with a menu. */
import { isIP } from 'node:net';
import { endpointKey } from '../../core/torrent/ids.ts';
import { type Command, defineCommand } from '../command-line/command.ts';
import { Menu } from '../menu/menu.ts';
import { placeFlags, rateFlags } from '../options/peer-flags.ts';
import { portNumber } from '../options/ports.ts';
import { sharingOptions } from '../options/sharing-options.ts';
import { defaultTrackerPort, trackerPlace } from '../options/tracker-url.ts';
import { Sharing } from '../sharing/sharing.ts';

export const peerCommand: Command = defineCommand({
  syntax: 'peer [ip] [port] [tracker-ip] [tracker-port]',
  describe: 'a peer with a menu: list, download, upload, help, exit',
  positionals: {
    ip: { type: 'string', default: '127.0.0.1', describe: 'address to listen at and to dial from' },
    port: { type: 'number', default: 0, describe: 'port to listen at; 0: any free one' },
    'tracker-ip': { type: 'string', default: '127.0.0.1', describe: 'address of the tracker' },
    'tracker-port': {
      type: 'number',
      default: defaultTrackerPort,
      describe: 'port of the tracker',
    },
  },
  flags: {
    ...placeFlags,
    ...rateFlags,
    list: { type: 'boolean', default: false, describe: 'show the list before the menu' },
    upload: {
      type: 'string',
      array: true,
      default: [],
      requiresArg: true,
      describe: 'seed this file before the menu',
    },
    download: {
      type: 'string',
      array: true,
      default: [],
      requiresArg: true,
      describe: 'download this id before the menu',
    },
  },
  examples: [
    ['peer 127.0.0.1 8881', 'a peer at 127.0.0.1:8881 with the tracker at 127.0.0.1:8888'],
    ['peer 192.168.1.7 6881 192.168.1.2 8888', 'between machines'],
  ],
  run: async (args, context) => {
    const trackerIp = args['tracker-ip'];
    const host = isIP(trackerIp) === 6 ? `[${trackerIp}]` : trackerIp;
    const tracker = trackerPlace(`${host}:${portNumber(args['tracker-port'])}`);
    await using sharing = await Sharing.start(sharingOptions(args, tracker));
    context.output.say(
      `Peer ${sharing.peerId} at ${endpointKey(sharing.address)}, tracker ${tracker.base}`,
    );
    return await new Menu(context, sharing, tracker).run(args);
  },
});
