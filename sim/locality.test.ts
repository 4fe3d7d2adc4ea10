import { describe, expect, it } from 'vitest';
import { localityOf } from './locality.ts';
import { plan } from './plan.ts';
import { parseScenario } from './schema.ts';

describe('localityOf', () => {
  it('deals the members of a group to its networks in turn, and puts other groups in none', () => {
    const made = planOf({ external: 2 });
    expect(made.peers.map(({ network }) => network)).toEqual([undefined, 0, 1, 2, 0, 1]);
    const locality = localityOf(made, (ip) => `leecher-${ip}`);
    expect(locality?.external).toBe(2);
    expect(['0', '1', '3'].map((ip) => locality?.networkOf(ip))).toEqual([0, 1, 0]);
    expect(locality?.networkOf('nobody')).toBeUndefined();
  });

  it('is nothing unless the scenario says how many strangers an answer may name', () => {
    expect(localityOf(planOf({}), (ip) => ip)).toBeUndefined();
  });
});

const planOf = (tracker: { external?: number }) =>
  plan(
    parseScenario({
      name: 'networks',
      story: 'Peers of three networks.',
      content: { bytes: 1 },
      peers: {
        seeder: { count: 1, has: 'all' },
        leecher: { count: 5, has: 'nothing', networks: 3 },
      },
      tracker,
      expect: [{ everyoneCompletes: 'leecher' }],
    }),
    1,
  );
