/** `swarmproof scenarios`: the library, one line each. */
import { type Command, defineCommand } from '../command-line/command.ts';
import { exitCode } from '../command-line/exit-code.ts';
import { hostile } from '../../scenarios/hostile.ts';
import { library } from '../../scenarios/library.ts';

export const scenariosCommand: Command = defineCommand({
  syntax: 'scenarios',
  describe: 'the scenarios that come with the program',
  positionals: {},
  flags: {},
  run: (_args, { output }) => {
    const stories = [...library, hostile].map(({ name, story }) => ({ name, story }));
    output.document(stories);
    const width = Math.max(...stories.map(({ name }) => name.length));
    output.answer(stories.map(({ name, story }) => `${name.padEnd(width)}  ${story}`).join('\n'));
    return Promise.resolve(exitCode.passed);
  },
});
