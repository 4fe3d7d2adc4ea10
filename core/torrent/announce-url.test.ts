import { describe, expect, it } from 'vitest';
import { trackerUrlProblem, webSeedUrlProblem } from './announce-url.ts';

const good = [
  'http://a',
  'HTTP://a.b:80/x?y=%20',
  'https://tracker_1/',
  'udp://t.example:6969/announce',
  'udp://[::1]:1',
  'http://127.0.0.1:8888?x',
];
const bad = [
  '',
  'http:',
  'http://',
  'http:///x',
  'http://:80/',
  '//a/',
  'javascript:alert(1)',
  'file:///etc/passwd',
  'ftp://a/',
  'wss://a/',
  'http://a:0/',
  'http://a:65536/',
  'http://a:b/',
  'http://u:p@a/',
  'http://a b/',
  'http://a/\n',
  'http://a/\r\nHost: b',
  'http://ä/',
  'http://a\0/',
  ' http://a/',
  `http://a/${'x'.repeat(2_048)}`,
  'http://[::1/',
  'http://a\\@b/',
];

describe('an announce URL', () => {
  it.each(good)('%j is used', (url) => {
    expect(trackerUrlProblem(url)).toBeUndefined();
  });

  it.each(bad)('%.30j is left out', (url) => {
    expect(trackerUrlProblem(url)).toBeDefined();
  });
});

describe('a web seed', () => {
  it('is http or https', () => {
    expect(webSeedUrlProblem('https://a/')).toBeUndefined();
    expect(webSeedUrlProblem('udp://a:1/')).toBe('not http, https');
  });
});
