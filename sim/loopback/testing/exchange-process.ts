/** Runs one exchange in whatever network namespace it was started in: `ip` must be on the PATH for a fresh one. */
import { spawnSync } from 'node:child_process';
import { exchange, type ExchangeOrder } from './exchange.ts';

const order = JSON.parse(process.argv[2] ?? '{}') as ExchangeOrder;
const setUp = [
  'link set lo up',
  ...[1, 2, 3].map((n) => `addr add ${order.network}.${n}/24 dev lo`),
];
for (const step of [...setUp, 'route add default dev lo']) {
  const { status, stderr } = spawnSync('ip', step.split(' '), { encoding: 'utf8' });
  if (status !== 0) throw new Error(`ip ${step}: ${stderr}`);
}
process.stdout.write(JSON.stringify(await exchange(order)));
