/** Under which URLs a tracker can be reached. */
import { networkInterfaces } from 'node:os';
import { type Endpoint, endpointKey } from '../torrent/ids.ts';

/** One for each address that is served, like `http://127.0.0.1:8888`; this machine's own first. */
export const servedUrls = ({ ip, port }: Endpoint): string[] =>
  servedIps(ip).map((served) => `http://${endpointKey({ ip: served, port })}`);

/** All addresses behind `0.0.0.0` and `::`, this machine's own first. */
function servedIps(ip: string): string[] {
  if (ip !== '0.0.0.0' && ip !== '::') return [ip];
  const isServed = (family: string): boolean => ip === '::' || family === 'IPv4';
  const addresses = Object.values(networkInterfaces()).flatMap((found) => found ?? []);
  return addresses
    .filter(({ family, scopeid }) => isServed(family) && !scopeid)
    .sort((a, b) => Number(b.internal) - Number(a.internal))
    .map(({ address }) => address);
}
