/** Which tracker is meant: `8888`, `127.0.0.1:8888`, `[::1]:8888` or a URL of it. */
import { isIP } from 'node:net';
import { usageError } from '../command-line/command-error.ts';

/** Where a tracker answers. */
export type TrackerPlace = {
  /** For the catalogue: `http://127.0.0.1:8888`. */
  readonly base: string;
  /** BEP 3. */
  readonly announceUrl: string;
};

export const defaultTrackerPort = 8888;

export function trackerPlace(written: string): TrackerPlace {
  const url = parse(written);
  const { protocol, hostname, pathname } = url ?? {};
  if (url === undefined || (protocol !== 'http:' && protocol !== 'https:') || hostname === '')
    throw usageError(`not a tracker: ${written} (say HOST:PORT or http://HOST:PORT)`);
  const root = (pathname ?? '/').replace(/\/announce\/?$/, '').replace(/\/$/, '');
  const base = `${url.origin}${root}`;
  return { base, announceUrl: `${base}/announce` };
}

function parse(written: string): URL | undefined {
  const full = written.includes('://') ? written : `http://${withHost(written)}`;
  return URL.canParse(full) ? new URL(full) : undefined;
}

function withHost(written: string): string {
  if (/^\d+$/.test(written)) return `127.0.0.1:${written}`;
  if (isIP(written) === 6) return `[${written}]:${defaultTrackerPort}`;
  return /:\d+$/.test(written) ? written : `${written}:${defaultTrackerPort}`;
}

/** Whether the URL leads to this machine only. */
export function isLoopbackUrl(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { hostname } = new URL(url);
  return hostname === 'localhost' || hostname === '[::1]' || isLoopbackIp(hostname);
}

/** 127/8 or ::1. */
export const isLoopbackIp = (ip: string): boolean =>
  ip === '::1' || (isIP(ip) === 4 && ip.startsWith('127.'));
