/** `import { ... } from 'swarmproof'`: what programs may use. The protocol's own parts are `swarmproof/core`. */
export { startPeer } from '../core/net/peer.ts';
export { inlineDisk } from '../core/net/disk-inline.ts';
export type { PeerOptions } from '../core/net/peer-options.ts';
export type { AddOptions, RunningPeer } from '../core/net/running-peer.ts';
export type { RunningTorrent } from '../core/net/running-torrent.ts';
export type { PeerStats, TorrentStats } from '../core/swarm/stats.ts';
export { createTorrent } from '../core/net/create.ts';
export type { CreatedTorrent, CreateTorrentOptions } from '../core/net/create.ts';
export { startTracker } from '../core/net/tracker-server.ts';
export { startTrackerWorkers } from '../core/net/tracker-workers.ts';
export type { RunningTracker, TrackerOptions } from '../core/net/tracker-server.ts';
export { defineScenario } from '../sim/scenario.ts';
export type { Scenario, ScenarioInput } from '../sim/scenario.ts';
export { ScenarioError } from '../sim/scenario-error.ts';
export type { RunRecord } from '../sim/record.ts';
export type { RunResult } from '../reports/result.ts';
export { runScenario } from './scenario/run-scenario.ts';
export type { RunScenarioOptions, ScenarioRun } from './scenario/run-scenario.ts';
