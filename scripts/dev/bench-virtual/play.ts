/** A process of its own for one run, so that its memory is its own: it is sent a size, or `undefined` to play nothing, and answers with what it measured. */
import { run } from '../../../sim/run.ts';
import { machineTools } from '../../../sim/loopback/tools.ts';
import { virtualWorld } from '../../../sim/virtual/virtual-world.ts';
import { loadScenario } from '../../scenario/load-scenario.ts';
import type { Measured } from './figures.ts';
import type { Size } from './grid.ts';

/** Every run of the bench is the same crowd. */
const seed = 1;

process.once('message', ({ size }: { readonly size?: Size }) => {
  void measured(size).then((figures) => {
    process.send?.(figures);
    process.disconnect();
  });
});

async function measured(size: Size | undefined): Promise<Measured> {
  const cpuBefore = process.cpuUsage();
  const startedAt = performance.now();
  const played = size === undefined ? nothing : await play(size);
  const cpu = process.cpuUsage(cpuBefore);
  return {
    ...played,
    wallSeconds: (performance.now() - startedAt) / 1e3,
    cpuSeconds: (cpu.user + cpu.system) / 1e6,
    // In KiB, whatever the platform's own getrusage says.
    peakBytes: process.resourceUsage().maxRSS * 1024,
  };
}

type Played = Pick<Measured, 'verdict' | 'events' | 'virtualSeconds' | 'bytesSent'>;

const nothing: Played = { verdict: '-', events: 0, virtualSeconds: 0, bytesSent: 0 };

/**
 * With a small file most are done, and gone, before the tracker would let the others ask it for more peers: those would
 * wait for most of the run, and it is not waiting that is measured.
 */
const oftenAsked = 'tracker.interval=1min';

async function play({ fidelity, peers, mebibytes, series }: Size): Promise<Played> {
  const { scenario, source } = await loadScenario('thousand-peers', [
    `peers.leecher.count=${peers}`,
    `content.bytes=${mebibytes}MiB`,
    ...(series === 'goal' ? [] : [oftenAsked]),
  ]);
  const world = virtualWorld({ fidelity, tools: machineTools() });
  const record = await run(scenario, world, { seed, signal: new AbortController().signal, source });
  return {
    verdict: record.end.verdict,
    events: record.end.simulated?.events ?? 0,
    virtualSeconds: record.end.at / 1e3,
    bytesSent: record.transfers.reduce((sum, { bytesSent }) => sum + bytesSent, 0),
  };
}
