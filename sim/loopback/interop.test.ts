import { execFile, spawnSync } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { exchange, type ExchangeOrder, type ExchangeResult } from './testing/exchange.ts';
import { isPresent, partners, type PartnerName } from './testing/partners.ts';

const limitMs = 120_000;
const names = Object.keys(partners) as PartnerName[];
const isRequired = process.env['REQUIRE_PARTNERS'] !== undefined;
const absent = names.filter((name) => !isPresent(name));

describe('interoperation with programs nobody here wrote', () => {
  it('has its partners, or says how to get them', () => {
    for (const name of absent)
      process.stderr.write(
        `not tested against ${name}: apt-get install ${partners[name].package}\n`,
      );
    expect(isRequired ? absent : []).toEqual([]);
  });

  const present = names.filter((name) => !absent.includes(name));
  const cases = present.flatMap((partner, i) =>
    (['seeds', 'downloads'] as const).flatMap((role, j) =>
      (['http', 'udp'] as const)
        // One round less of the one that moves nothing for its first 12 s.
        .filter((over) => over === 'http' || partner !== 'transmission' || role === 'downloads')
        .map((over, k) => ({ partner, role, over, net: 4 * i + 2 * j + k })),
    ),
  );
  it.each(cases)(
    'moves a file byte for byte when $partner $role, with a tracker over $over',
    { timeout: limitMs },
    async (row) => {
      const { partner, role, over, net } = row;
      const order = { partner, role, network: `127.83.${net}`, bytes: 3_000_001, over };
      const result = await (partner === 'transmission' ? exchangeApart(order) : exchange(order));
      expect(result.copySha256, result.partnerSaid).toBe(result.sourceSha256);
    },
  );
});

/** Transmission refuses loopback peers: it gets a network of its own, which needs a namespace. */
async function exchangeApart(order: ExchangeOrder): Promise<ExchangeResult> {
  const namespace = process.getuid?.() === 0 ? ['-n'] : ['-rn'];
  if (spawnSync('unshare', [...namespace, 'true']).status !== 0)
    throw new Error('no network namespace to be had: `unshare` of util-linux must work');
  const entry = new URL('./testing/exchange-process.ts', import.meta.url).pathname;
  const own = JSON.stringify({ ...order, network: '10.77.0' });
  const command = [...namespace, process.execPath, '--import', 'tsx', entry, own];
  const { stdout } = await promisify(execFile)('unshare', command);
  return JSON.parse(stdout) as ExchangeResult;
}
