#!/usr/bin/env node
/** The program `swarmproof`. */
import { runCommandLine } from './command-line/command-line.ts';
import { processTerminal } from './command-line/terminal.ts';

/** A closed pipe (`| head`) is no mistake of anybody. */
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit();
  throw error;
});

/** By then everything has been stopped and told; a socket that somebody else keeps open must not hold the shell. */
const lingerMs = 2_000;

process.exitCode = await runCommandLine(process.argv.slice(2), processTerminal());
setTimeout(() => process.exit(), lingerMs).unref();
