import { tmpdir } from 'node:os';
import { describe, expect, it } from 'vitest';
import { Child, endChildren } from './child.ts';

const node = (code: string): Child => new Child([process.execPath, '-e', code], tmpdir());

describe('a process that takes part', () => {
  it('is heard line by line, and hears', async () => {
    const child = node(`process.stdin.once('data', (text) => console.log('heard ' + text))`);
    child.say('this');
    await child.hear('heard this');
    await child.stop();
  });

  it('that ends too early is an error with what it said', async () => {
    const child = node(`throw new TypeError('no such thing')`);
    await expect(child.hear('ready')).rejects.toThrow('TypeError: no such thing');
  });

  it('that is not there is an error', async () => {
    const child = new Child(['no-such-program-anywhere'], tmpdir());
    await expect(child.hear('ready')).rejects.toThrow('ready');
  });

  it('ends with the bench', async () => {
    const child = node(`console.log('ready'); setInterval(() => undefined, 1_000)`);
    await child.hear('ready');
    await endChildren();
    expect(() => process.kill(child.pid, 0)).toThrow('ESRCH');
  });
});
