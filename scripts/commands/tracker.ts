/** `swarmproof tracker [port]`: runs a tracker until it is stopped. */
import type { Logger } from '../../core/net/log.ts';
import { startTracker, type TrackerOptions } from '../../core/net/tracker-server.ts';
import { startTrackerWorkers } from '../../core/net/tracker-workers.ts';
import { millis, seconds } from '../../core/time.ts';
import {
  defaultRegistryOptions,
  type RegistryOptions,
} from '../../core/tracker/registry-options.ts';
import { usageError } from '../command-line/command-error.ts';
import { type Command, type Context, defineCommand } from '../command-line/command.ts';
import { exitCode } from '../command-line/exit-code.ts';
import { humanLog, logLevels, type LogLevel, ndjsonLog } from '../log.ts';
import { durationOption } from '../options/durations.ts';
import { ipAddress, portNumber } from '../options/ports.ts';
import { aborted, stopRequest } from '../command-line/terminal.ts';

/** More than any machine has cores for: each is a process of 50 MB with a registry of its own. */
const mostWorkers = 64;

export const trackerCommand: Command = defineCommand({
  syntax: 'tracker [port]',
  describe: 'run a tracker (announce and scrape over HTTP and UDP, catalogue, /stats, /metrics)',
  positionals: {
    port: { type: 'number', default: 8888, describe: 'port to serve; 0: any free one' },
  },
  flags: {
    ip: {
      type: 'string',
      default: '127.0.0.1',
      requiresArg: true,
      describe: 'address to serve; 0.0.0.0: all of them',
    },
    state: {
      type: 'string',
      requiresArg: true,
      describe: 'file in which the catalogue survives a restart',
    },
    interval: {
      type: 'string',
      requiresArg: true,
      describe: 'what peers are told to wait between announces (30s)',
    },
    'expire-after': {
      type: 'string',
      requiresArg: true,
      describe: 'silence after which a peer is gone (one and a half intervals)',
    },
    'allow-ip-param': {
      type: 'boolean',
      default: false,
      describe: 'believe the address a peer names (--announce-ip)',
    },
    'published-only': {
      type: 'boolean',
      default: false,
      describe: 'refuse torrents that nobody published here',
    },
    udp: { type: 'boolean', default: true, describe: 'answer over UDP, too (--no-udp: HTTP only)' },
    workers: {
      type: 'number',
      default: 1,
      requiresArg: true,
      describe: `processes that share the swarms by info hash (1 to ${mostWorkers})`,
    },
    'trust-proxy': { type: 'boolean', default: false, describe: 'believe X-Forwarded-For' },
    'log-level': { choices: logLevels, requiresArg: true, describe: 'log NDJSON to stderr' },
  },
  examples: [['tracker 8888 --state catalogue.json', 'a tracker whose list survives a restart']],
  run: async (args, context) => {
    using stop = stopRequest(context.terminal);
    const workers = workerCount(args.workers);
    const options: TrackerOptions = {
      ip: ipAddress(args.ip),
      port: portNumber(args.port),
      udp: args.udp,
      trustProxy: args['trust-proxy'],
      registry: registryOptions(args),
      log: logFor(context, args['log-level']),
      ...(args.state !== undefined && { state: args.state }),
    };
    await using tracker =
      workers === 1
        ? await startTracker(options)
        : await startTrackerWorkers({ ...options, workers });
    const { address, announceUrl, udpAnnounceUrl, urls, expireAfter } = tracker;
    const places = { address, urls, announceUrl, udpAnnounceUrl };
    context.output.document({ ...places, expireAfterMs: expireAfter });
    for (const url of urls) {
      const udp = args.udp ? `, ${url.replace('http:', 'udp:')}/announce` : '';
      context.output.say(`Tracker at ${url} (announce: ${url}/announce${udp})`);
    }
    context.output.say(
      `A peer that says goodbye leaves the lists at once, one that dies within ${expireAfter / 1_000} s. Ctrl+C stops.`,
    );
    await aborted(stop.signal);
    context.output.say('Tracker stopped.');
    return exitCode.passed;
  },
});

function workerCount(workers: number): number {
  if (Number.isInteger(workers) && workers >= 1 && workers <= mostWorkers) return workers;
  throw usageError(`--workers is a whole number from 1 to ${mostWorkers}`);
}

type RegistryFlags = {
  readonly interval: string | undefined;
  readonly 'expire-after': string | undefined;
  readonly 'allow-ip-param': boolean;
  readonly 'published-only': boolean;
};

/** Clients, ours among them, announce no oftener than this whatever they are told. */
const leastInterval = seconds(5);

function registryOptions(args: RegistryFlags): Partial<RegistryOptions> {
  const interval = durationOption(args.interval) ?? defaultRegistryOptions.interval;
  const expireAfter = durationOption(args['expire-after']);
  if (interval < leastInterval)
    throw usageError(`--interval is at least ${leastInterval / 1_000}s: no peer asks oftener`);
  if (expireAfter !== undefined && expireAfter <= interval)
    throw usageError('--expire-after is longer than the interval: live peers must not be dropped');
  return {
    interval,
    minInterval: millis(Math.min(interval, defaultRegistryOptions.minInterval)),
    expireAfter,
    allowIpParam: args['allow-ip-param'],
    publishedOnly: args['published-only'],
  };
}

function logFor({ terminal, output }: Context, level: LogLevel | undefined): Logger {
  return level === undefined ? humanLog(output) : ndjsonLog(terminal.stderr, level);
}
