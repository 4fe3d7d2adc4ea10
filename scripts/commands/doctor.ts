/** `swarmproof doctor`: what this machine can do. */
import { type Command, defineCommand } from '../command-line/command.ts';
import { exitCode } from '../command-line/exit-code.ts';
import { printable } from '../show/printable.ts';
import { type Finding, probeMachine } from '../probe-machine.ts';

export const doctorCommand: Command = defineCommand({
  syntax: 'doctor',
  describe: 'what this machine can do; exits with 3 when something optional is missing',
  positionals: {},
  flags: {},
  run: async (_args, { output }) => {
    const findings = await probeMachine();
    output.document(findings);
    output.answer(findings.map(line).join('\n'));
    if (findings.every(({ found }) => found)) return exitCode.passed;
    return findings.some(({ found, isNeeded }) => isNeeded && !found)
      ? exitCode.unable
      : exitCode.degraded;
  },
});

const line = ({ name, found, detail }: Finding): string =>
  `${found ? 'yes' : 'no '}  ${name.padEnd(20)} ${printable(detail)}`;
