/** `swarmproof load tracker <url>`: how fast a tracker is while every one of its answers is checked. */
import { randomInt } from 'node:crypto';
import { seconds } from '../../core/time.ts';
import { CommandError, usageError } from '../command-line/command-error.ts';
import { type Command, type Context, defineCommand } from '../command-line/command.ts';
import { exitCode } from '../command-line/exit-code.ts';
import { exitOfInterrupt, stopRequest } from '../command-line/terminal.ts';
import { type LoadOrder, type LoadReport, loadProblem, loadTracker } from '../load/load-tracker.ts';
import { durationOption } from '../options/durations.ts';
import { checkedCount, checkedSeed, seedFlag } from '../options/world-flags.ts';
import { Bars } from '../show/bars.ts';
import { loadText } from '../show/load-text.ts';

const usualTime = seconds(10);
const maxInFlight = 10_000;
const maxTorrents = 1_000_000;
const maxPeers = 50_000;
const maxNumwant = 200;
const maxSeed = 2 ** 31;

export const loadCommand: Command = defineCommand({
  syntax: 'load <what> <url>',
  describe:
    'load a tracker (load tracker URL) and check every answer meanwhile; exits with 1 when any is wrong',
  positionals: {
    what: { choices: ['tracker'] as const, demandOption: true, describe: 'what is loaded' },
    url: {
      type: 'string',
      demandOption: true,
      describe: 'announce URL, like http://127.0.0.1:8888/announce or udp://127.0.0.1:8888',
    },
  },
  flags: {
    torrents: { type: 'number', default: 1_000, requiresArg: true, describe: 'how many' },
    peers: { type: 'number', default: 100, requiresArg: true, describe: 'in each torrent' },
    numwant: { type: 'number', default: 50, requiresArg: true, describe: 'peers asked for' },
    'in-flight': { type: 'number', default: 64, requiresArg: true, describe: 'announces at once' },
    time: {
      type: 'string',
      requiresArg: true,
      defaultDescription: `${usualTime / 1_000}s`,
      describe: 'how long, once all peers are registered',
    },
    'keep-alive': {
      type: 'boolean',
      default: true,
      describe: 'over HTTP: many announces on a connection (--no-keep-alive: one)',
    },
    seed: seedFlag,
  },
  examples: [['load tracker udp://127.0.0.1:8888 --time 5s', 'five seconds over UDP']],
  run: async (args, context) => {
    using stop = stopRequest(context.terminal);
    const order: LoadOrder = {
      url: args.url,
      torrents: checkedCount('torrents', args.torrents, maxTorrents),
      peers: checkedCount('peers', args.peers, maxPeers),
      inFlight: checkedCount('in-flight', args['in-flight'], maxInFlight),
      numwant: checkedCount('numwant', args.numwant, maxNumwant),
      time: durationOption(args.time) ?? usualTime,
      seed: checkedSeed(args.seed) ?? randomInt(maxSeed),
      keepAlive: args['keep-alive'],
      signal: stop.signal,
    };
    const problem = loadProblem(order);
    if (problem !== undefined) throw usageError(`this cannot be loaded: ${problem}`);
    const report = await played(order, context);
    return told(order, report, context) ? exitOfInterruptOr(stop.signal) : exitCode.failed;
  },
});

async function played(order: LoadOrder, { output }: Context): Promise<LoadReport> {
  using bars = new Bars(output);
  const share = 1_000;
  const phases = { register: bars.add('register', share), load: bars.add('load', share) };
  try {
    return await loadTracker(order, (phase, done, note) =>
      phases[phase].update(Math.min(share, done * share), note),
    );
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new CommandError(`${order.url}: ${reason}`, {
      ...{ code: 'unreachable', exit: exitCode.failed },
      cause: error,
    });
  }
}

/** Says whether all was well. */
function told(order: LoadOrder, report: LoadReport, { output }: Context): boolean {
  const again = replayLine(order);
  output.document({ ...report, seed: order.seed, replay: again });
  output.answer(loadText(report));
  const isRight = report.wrong.length === 0 && report.answers > 0;
  if (!isRight) output.warn(`the tracker answers wrongly; to repeat it: ${again}`);
  return isRight;
}

const exitOfInterruptOr = (signal: AbortSignal): ReturnType<typeof exitOfInterrupt> =>
  signal.aborted ? exitOfInterrupt(signal) : exitCode.passed;

function replayLine(order: LoadOrder): string {
  const { inFlight, keepAlive, numwant, peers, seed, time, torrents, url } = order;
  return [
    `swarmproof load tracker ${url} --torrents ${torrents} --peers ${peers} --numwant ${numwant}`,
    `--in-flight ${inFlight} --time ${time / 1_000}s --seed ${seed}`,
    ...(keepAlive ? [] : ['--no-keep-alive']),
  ].join(' ');
}
