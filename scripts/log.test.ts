import { expect, it } from 'vitest';
import { Output } from './command-line/output.ts';
import { humanLog } from './log.ts';
import { FakeTerminal } from './testing/fake-terminal.ts';

const loggerOf = (flags: { readonly quiet?: boolean; readonly verbose?: boolean }) => {
  const terminal = new FakeTerminal();
  const options = { json: false, quiet: false, verbose: false, ...flags };
  return { terminal, log: humanLog(new Output(terminal, options)) };
};

it('says a sentence with its facts, and what is for the curious only when asked', () => {
  const usual = loggerOf({});
  usual.log.info({ peers: 3 }, 'swarm begun');
  usual.log.debug({}, 'detail');
  expect(usual.terminal.out).toMatch(/^\d\d:\d\d:\d\d swarm begun \(peers: 3\)\n$/);

  const verbose = loggerOf({ verbose: true });
  verbose.log.debug({}, 'detail');
  expect(verbose.terminal.out).toContain('detail');
});

it('lets those who would say much know that nobody listens', () => {
  const { log, terminal } = loggerOf({ quiet: true });
  log.warn({}, 'something');
  expect(terminal.out).toBe('');
  expect(log.isLevelEnabled?.('info')).toBe(false);
});
