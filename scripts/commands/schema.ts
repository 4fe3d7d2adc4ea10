/** `swarmproof schema`: the JSON Schema of scenario files, for editors. */
import { type Command, defineCommand } from '../command-line/command.ts';
import { exitCode } from '../command-line/exit-code.ts';

export const schemaCommand: Command = defineCommand({
  syntax: 'schema',
  describe: 'print the JSON Schema of scenario files, for editors',
  positionals: {},
  flags: {},
  examples: [
    ['schema > scenario.schema.json', '# yaml-language-server: $schema=scenario.schema.json'],
  ],
  run: async (_args, { output }) => {
    const { scenarioJsonSchema } = await import('../../sim/schema.ts');
    const schema = scenarioJsonSchema();
    output.document(schema);
    output.answer(JSON.stringify(schema, null, 2));
    return exitCode.passed;
  },
});
