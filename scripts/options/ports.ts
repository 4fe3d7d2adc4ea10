/** Ports and addresses on the command line. */
import { isIP } from 'node:net';
import { usageError } from '../command-line/command-error.ts';

export function portNumber(value: unknown): number {
  const port = Number(value);
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw usageError(`not a port: ${String(value)} (0 to 65535)`);
  return port;
}

export function ipAddress(value: unknown): string {
  const text = String(value);
  if (isIP(text) === 0) throw usageError(`not an IP address: ${text}`);
  return text;
}
