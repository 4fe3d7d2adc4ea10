/** `swarmproof scenarios`: the library, one line each. */
import { type Command, defineCommand } from '../command-line/command.ts';
import { exitCode } from '../command-line/exit-code.ts';
import { library } from '../scenario/library.ts';

export const scenariosCommand: Command = defineCommand({
  syntax: 'scenarios',
  describe: 'the scenarios that come with the program',
  positionals: {},
  flags: {},
  run: async (_args, { output }) => {
    const scenarios = await library();
    const stories = [...scenarios].map(([name, { story }]) => ({ name, story }));
    output.document(stories);
    const width = Math.max(...stories.map(({ name }) => name.length));
    output.answer(stories.map(({ name, story }) => `${name.padEnd(width)}  ${story}`).join('\n'));
    return exitCode.passed;
  },
});
