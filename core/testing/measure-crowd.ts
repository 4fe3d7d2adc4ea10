/** Says what the machines of a crowd cost: `node --import tsx core/testing/measure-crowd.ts [peers] [pieces]`. */
import { performance } from 'node:perf_hooks';
import { Crowd } from './crowd.ts';

const [peers = 60, pieceCount = 400] = process.argv.slice(2).map(Number);
const crowd = new Crowd({
  peers,
  seeds: 1,
  pieceCount,
  pieceLength: 256 * 1024,
  maxConnections: 40,
  upBytesPerSec: 1_000_000,
  seed: 1,
});
const before = process.cpuUsage();
const from = performance.now();
const complete = crowd.play(1_000_000);
const wallMs = performance.now() - from;
const cpu = process.cpuUsage(before);
const { blocks, haves, inputs } = crowd.counts;
const cpuMs = (cpu.user + cpu.system) / 1_000;
console.log(
  `${complete}/${peers} complete after ${crowd.now / 1_000} s of their time; ` +
    `${Math.round(cpuMs)} ms of CPU (${Math.round(wallMs)} ms wall), ${blocks} blocks, ${haves} haves, ${inputs} inputs; ` +
    `${((cpuMs * 1_000) / blocks).toFixed(2)} us a block, ${((cpuMs * 1_000) / inputs).toFixed(2)} us an input`,
);
