/** Which addresses are this host or its neighbourhood: where a tracker out in the world may not send us. */
import { BlockList, isIP } from 'node:net';

const local = new BlockList();
// Unset, loopback, private, shared, link-local (where clouds keep their secrets).
local.addSubnet('0.0.0.0', 8, 'ipv4');
local.addSubnet('127.0.0.0', 8, 'ipv4');
local.addSubnet('10.0.0.0', 8, 'ipv4');
local.addSubnet('172.16.0.0', 12, 'ipv4');
local.addSubnet('192.168.0.0', 16, 'ipv4');
local.addSubnet('100.64.0.0', 10, 'ipv4');
local.addSubnet('169.254.0.0', 16, 'ipv4');
local.addAddress('::', 'ipv6');
local.addAddress('::1', 'ipv6');
local.addSubnet('fc00::', 7, 'ipv6');
local.addSubnet('fe80::', 10, 'ipv6');

/** Whether `ip` is such an address. A name is none: ask again for what it resolves to. */
export function isLocalIp(ip: string): boolean {
  const family = isIP(ip);
  return family !== 0 && local.check(ip, family === 4 ? 'ipv4' : 'ipv6');
}
