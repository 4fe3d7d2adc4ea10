/** Every command of the program, in the order of `--help`. */
import type { Command } from '../command-line/command.ts';
import { compareCommand } from './compare.ts';
import { createCommand } from './create.ts';
import { doctorCommand } from './doctor.ts';
import { downloadCommand } from './download.ts';
import { fuzzCommand } from './fuzz.ts';
import { infoCommand } from './info.ts';
import { listCommand } from './list.ts';
import { loadCommand } from './load.ts';
import { peerCommand } from './peer.ts';
import { replayCommand } from './replay.ts';
import { runCommand } from './run.ts';
import { scenariosCommand } from './scenarios.ts';
import { schemaCommand } from './schema.ts';
import { seedCommand } from './seed.ts';
import { sweepCommand } from './sweep.ts';
import { trackerCommand } from './tracker.ts';
import { verifyCommand } from './verify.ts';

export const commands: readonly Command[] = [
  trackerCommand,
  peerCommand,
  seedCommand,
  downloadCommand,
  listCommand,
  createCommand,
  infoCommand,
  verifyCommand,
  runCommand,
  replayCommand,
  sweepCommand,
  compareCommand,
  fuzzCommand,
  loadCommand,
  scenariosCommand,
  schemaCommand,
  doctorCommand,
];
