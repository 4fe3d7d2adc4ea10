import { describe, expect, it } from 'vitest';
import { FakeTerminal, play } from '../testing/fake-terminal.ts';

describe('the command line', () => {
  it('lists its commands and explains its exit codes', async () => {
    const { exit, out, err } = await play(['--help']);
    expect(exit).toBe(0);
    expect(err).toBe('');
    for (const word of ['tracker', 'peer', 'seed', 'download', 'list', 'create', 'info', 'verify'])
      expect(out).toMatch(new RegExp(`swarmproof ${word}\\b`));
    for (const word of ['run', 'scenarios', 'schema', 'doctor'])
      expect(out).toMatch(new RegExp(`swarmproof ${word}\\b`));
    expect(out).toContain('130  interrupted');
  });

  it('explains one command', async () => {
    const { exit, out } = await play(['download', '--help']);
    expect(exit).toBe(0);
    for (const flag of ['--ip', '--port', '--tracker', '--out', '--no-seed', '--announce-ip'])
      expect(out).toContain(flag);
  });

  it('says its version', async () => {
    expect(await play(['--version'])).toEqual({ exit: 0, out: '0.1.0\n', err: '' });
  });

  it.each([
    [[], /which command/i],
    [['lsit'], /did you mean list/i],
    [['list', '--trakcer', 'x'], /unknown argument/i],
    [['list', '--tracker', 'udp://x'], /not a tracker/],
    [['verify', 'only-one'], /not enough/i],
    [['tracker', '99999'], /not a port/],
    [['tracker', 'x'], /not a port/],
    [['tracker', '--interval', '1s'], /at least 5s/],
    [['tracker', '--expire-after', '30s'], /longer than the interval/],
    [['tracker', '--interval', 'soon'], /not a length of time/],
    [['list', '--tracker', 'a', '--tracker', 'b'], /more than once/],
    [['seed', 'x', '--ip', 'here'], /not an IP address/],
    [['download', '0', '--up', 'fast'], /not a rate/],
    [['create', 'package.json', '--piece-length', '100'], /not a piece length/],
    [['run', 'no-such-scenario'], /no such scenario.*multi-seeder-download/],
    [['run', 'multi-seeder-download', '--seed', '-1'], /--seed is a whole number/],
    [['info', 'no-such-file.torrent'], /no-such-file.torrent: no such file/],
    [['info', '/dev/zero'], /\/dev\/zero: not a file/],
    [['info', 'input'], /input: not a file/],
    [['list', '--config', 'no-such-file.json'], /no-such-file/],
  ])('refuses %j with a sentence and exit code 2', async (argv, sentence) => {
    const { exit, out, err } = await play(argv);
    expect(exit).toBe(2);
    expect(out).toBe('');
    expect(err).toMatch(sentence);
    expect(err).toMatch(/^swarmproof: /);
    expect(err).not.toMatch(/^ {4}at /m);
  });

  it('tells a mistake as one document with --json', async () => {
    const { exit, out, err } = await play(['info', '--json', 'no-such-file.torrent']);
    expect(exit).toBe(2);
    expect(JSON.parse(out)).toEqual({
      error: { code: 'ENOENT', message: expect.stringContaining('no-such-file.torrent') as string },
    });
    expect(err).toBe('');
  });

  it('tells a wrong option as one document with --json, too', async () => {
    const { exit, out } = await play(['list', '--json', '--wrong']);
    expect(exit).toBe(2);
    expect(JSON.parse(out)).toMatchObject({ error: { code: 'usage' } });
  });

  it('takes defaults from the environment, and flags over them', async () => {
    const environment = { SWARMPROOF_TRACKER: 'udp://from-environment', SWARMPROOF_UNRELATED: '1' };
    const fromEnvironment = await play(['list'], new FakeTerminal(environment));
    expect(fromEnvironment.err).toContain('udp://from-environment');
    const fromFlag = await play(
      ['list', '--tracker', 'udp://from-flag'],
      new FakeTerminal(environment),
    );
    expect(fromFlag.err).toContain('udp://from-flag');
  });

  it('speaks JSON when the environment says so', async () => {
    const { out } = await play(
      ['info', 'no-such-file'],
      new FakeTerminal({ SWARMPROOF_JSON: '1' }),
    );
    expect(JSON.parse(out)).toHaveProperty('error.code', 'ENOENT');
  });

  it('says that the tracker does not answer and exits with 4', async () => {
    const { exit, err } = await play(['list', '--tracker', '127.0.0.1:9']);
    expect(exit).toBe(4);
    expect(err).toMatch(/^swarmproof: fail: tracker: .*127\.0\.0\.1:9/);
  });
});
