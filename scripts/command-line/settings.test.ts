import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { CommandError } from './command-error.ts';
import { configFileOf, readSettings } from './settings.ts';

it('lets the environment win over the config file', () => {
  withFile('{ "tracker": "127.0.0.1:1", "announce-ip": "10.0.0.1" }', (file) => {
    const settings = readSettings({ SWARMPROOF_TRACKER: '127.0.0.1:2', HOME: '/' }, file);
    expect([...settings]).toEqual([
      ['tracker', '127.0.0.1:2'],
      ['announce-ip', '10.0.0.1'],
    ]);
  });
});

it('finds the config file on the command line and in the environment', () => {
  expect(configFileOf(['list', '--config', 'a.json'])).toBe('a.json');
  expect(configFileOf(['list', '--config=b.json'])).toBe('b.json');
  expect(configFileOf(['list'])).toBeUndefined();
  withFile('{ "out": "elsewhere" }', (file) => {
    expect(readSettings({ SWARMPROOF_CONFIG: file }, undefined).get('out')).toBe('elsewhere');
  });
});

it.each(['[1]', 'null', '{', ''])('refuses a config file that holds %j', (text) => {
  withFile(text, (file) => {
    expect(() => readSettings({}, file)).toThrow(CommandError);
  });
});

function withFile(text: string, use: (file: string) => void): void {
  const folder = mkdtempSync(join(tmpdir(), 'swarmproof-settings-'));
  try {
    const file = join(folder, 'config.json');
    writeFileSync(file, text);
    use(file);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
