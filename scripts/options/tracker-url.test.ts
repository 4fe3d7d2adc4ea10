import { describe, expect, it } from 'vitest';
import { CommandError } from '../command-line/command-error.ts';
import { isLoopbackUrl, trackerPlace } from './tracker-url.ts';

describe('a tracker on the command line', () => {
  it.each([
    ['8888', 'http://127.0.0.1:8888'],
    ['127.0.0.1', 'http://127.0.0.1:8888'],
    ['127.0.0.1:9000', 'http://127.0.0.1:9000'],
    ['localhost:9000', 'http://localhost:9000'],
    ['[::1]:9000', 'http://[::1]:9000'],
    ['::1', 'http://[::1]:8888'],
    ['http://tracker.example:9000/announce', 'http://tracker.example:9000'],
    ['https://tracker.example/sub/announce', 'https://tracker.example/sub'],
    ['http://tracker.example:9000/', 'http://tracker.example:9000'],
  ])('takes %s for %s', (written, base) => {
    expect(trackerPlace(written)).toEqual({ base, announceUrl: `${base}/announce` });
  });

  it.each([
    '',
    'udp://tracker.example:9',
    'file:///etc/passwd',
    'http://',
    'a b',
    '127.0.0.1:99999',
  ])('refuses %j', (written) => {
    expect(() => trackerPlace(written)).toThrow(CommandError);
  });

  it.each([
    ['http://127.9.8.7:1/announce', true],
    ['http://localhost/announce', true],
    ['http://[::1]:8888/announce', true],
    ['http://127.example.com/announce', false],
    ['http://10.0.0.1/announce', false],
    ['not a url', false],
  ])('knows whether %s stays on this machine', (url, stays) => {
    expect(isLoopbackUrl(url)).toBe(stays);
  });
});
