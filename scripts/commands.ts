/** Every command of the program, in the order of `--help`. */
import type { Command } from './command.ts';
import { createCommand } from './commands/create.ts';
import { doctorCommand } from './commands/doctor.ts';
import { downloadCommand } from './commands/download.ts';
import { infoCommand } from './commands/info.ts';
import { listCommand } from './commands/list.ts';
import { peerCommand } from './commands/peer.ts';
import { runCommand } from './commands/run.ts';
import { scenariosCommand } from './commands/scenarios.ts';
import { schemaCommand } from './commands/schema.ts';
import { seedCommand } from './commands/seed.ts';
import { trackerCommand } from './commands/tracker.ts';
import { verifyCommand } from './commands/verify.ts';

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
  scenariosCommand,
  schemaCommand,
  doctorCommand,
];
