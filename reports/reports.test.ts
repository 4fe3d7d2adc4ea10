import { describe, expect, it } from 'vitest';
import type { RunRecord } from '../sim/record.ts';
import { calm, doctored, fromText, recordOf, toText } from '../sim/testing/records.ts';
import { type Account, accountOf } from './account.ts';
import { availabilityCsv } from './availability.ts';
import { completionCsv } from './completion.ts';
import { plain, table } from './markdown.ts';
import { replayLine } from './replay.ts';
import { reportMarkdown } from './report.ts';
import { resultOf } from './result.ts';
import { seedersCsv } from './seeders.ts';
import { summaryCsv } from './summary.ts';
import { throughputCsv } from './throughput.ts';
import { transfersCsv } from './transfers.ts';

const record = await recordOf({ ...calm, timeline: [{ at: 300, leave: 'seeder-1' }] });

describe('the reports', () => {
  it('sum up each peer in a row', () => {
    expect(textOf(summaryCsv, record)).toMatchInlineSnapshot(`
      "name,role,address,joined_ms,first_piece_ms,completed_ms,bytes_down,bytes_up,mean_down_bytes_per_s,peak_down_bytes_per_s,mean_up_bytes_per_s,peak_up_bytes_per_s,wasted_bytes,ratio,verified
      seeder-0,seeder,127.90.0.1:6881,0,,0,0,163840,0,0,327680,0,0,,true
      seeder-1,seeder,127.90.0.2:6881,0,,0,0,49152,0,0,245760,0,0,,true
      leecher-0,leecher,127.90.1.1:6881,100,150,500,131072,49152,327680,0,122880,0,0,0.375,true
      leecher-1,leecher,127.90.1.2:6881,100,150,500,131072,0,327680,0,0,0,0,0.000,true
      "
    `);
  });

  it('tell the throughput of each peer at each sample', () => {
    const lines = textOf(throughputCsv, record).split('\n');
    expect(lines[0]).toMatchInlineSnapshot(
      `"time_ms,name,up,pieces_have,piece_count,bytes_down,bytes_up,wasted_bytes,down_bytes_per_s,up_bytes_per_s,connections"`,
    );
    expect(lines.slice(-4)).toMatchInlineSnapshot(`
      [
        "500,seeder-0,true,8,8,0,163840,0,0,0,1",
        "500,leecher-0,true,8,8,131072,49152,0,0,0,1",
        "500,leecher-1,true,8,8,131072,0,0,0,0,1",
        "",
      ]
    `);
    expect(lines).toHaveLength(record.samples.length + 2);
  });

  it('tell who sent whom how much', () => {
    expect(textOf(transfersCsv, record)).toMatchInlineSnapshot(`
      "from,to,content,bytes_sent,bytes_received,unchoked_ms
      leecher-0,leecher-1,0,49152,49152,0
      seeder-0,leecher-0,0,98304,98304,0
      seeder-0,leecher-1,0,65536,65536,0
      seeder-1,leecher-0,0,32768,32768,0
      seeder-1,leecher-1,0,16384,16384,0
      "
    `);
  });

  it("tell the tracker's word and the truth side by side", () => {
    expect(textOf(seedersCsv, record)).toMatchInlineSnapshot(`
      "asked_ms,answered_ms,content,id,catalogue_seeders,catalogue_leechers,scrape_seeders_count,scrape_leechers_count,announce_seeders_count,announce_leechers_count,true_seeders,true_leechers,failure
      0,0,content-0.bin,0,seeder-0 seeder-1,,2,0,2,0,seeder-0 seeder-1,,
      100,100,content-0.bin,0,seeder-0 seeder-1,leecher-0 leecher-1,2,2,2,2,seeder-0 seeder-1,leecher-0 leecher-1,
      200,200,content-0.bin,0,seeder-0 seeder-1,leecher-0 leecher-1,2,2,2,2,seeder-0 seeder-1,leecher-0 leecher-1,
      300,300,content-0.bin,0,seeder-0,leecher-0 leecher-1,1,2,1,2,seeder-0,leecher-0 leecher-1,
      400,400,content-0.bin,0,seeder-0,leecher-0 leecher-1,1,2,1,2,seeder-0,leecher-0 leecher-1,
      500,500,content-0.bin,0,leecher-0 leecher-1 seeder-0,,3,0,3,0,leecher-0 leecher-1 seeder-0,,
      "
    `);
  });

  it('tell the whole story in Markdown', () => {
    expect(textOf(reportMarkdown, record)).toMatchInlineSnapshot(`
      "# calm: passed

      Two leechers fetch a file from two seeders.

      Seed 1, virtual world, 0.500 s. To play it again:

      \`\`\`
      swarmproof run calm --seed 1 --world virtual --fidelity elided
      \`\`\`

      ## Verdict

      | held | claim | detail |
      | --- | --- | --- |
      | yes | integrity | 4 files hashed, 32 claims about pieces followed their verification |
      | yes | tracker's word | 6 samples, 6 of them the very truth, the others older within the bound |
      | yes | accounting | 5 pairs, 262,144 bytes received, 0 lost with broken connections |
      | yes | liveness | 3 could finish and did in time; 0 could not |
      | yes | bound | no rate limits anybody, so that there is no least time |
      | yes | cleanliness | nothing was left behind |
      | yes | timeline | 5 actions, all done |
      | yes | everyoneCompletes leechers | 2 completed, the slowest in 400 ms |

      ## Peers

      | name | address | joined s | completed s | bytes down | bytes up | mean down bytes/s | peak down bytes/s | wasted bytes | verified |
      | --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | --- |
      | seeder-0 | 127.90.0.1:6881 | 0.000 | 0.000 | 0 | 163840 | 0 | 0 | 0 | yes |
      | seeder-1 | 127.90.0.2:6881 | 0.000 | 0.000 | 0 | 49152 | 0 | 0 | 0 | yes |
      | leecher-0 | 127.90.1.1:6881 | 0.100 | 0.500 | 131072 | 49152 | 327680 | 0 | 0 | yes |
      | leecher-1 | 127.90.1.2:6881 | 0.100 | 0.500 | 131072 | 0 | 327680 | 0 | 0 | yes |

      ## Figures

      - downloaded to the end: 2
      - fastest download: 0.400 s
      - 10 % of them within: 0.400 s
      - half of them within: 0.400 s
      - 90 % of them within: 0.400 s
      - 99 % of them within: 0.400 s
      - slowest download: 0.400 s
      - mean download: 0.400 s
      - seed redundancy: 1.625
      - every piece left the first seeds within: 0.400 s
      - Jain fairness of download rates: 1.000
      - Jain fairness of bytes up per byte down: 0.500
      - wasted of what was received: 0.00 %

      ## What was done

      | at ms | done ms | action | cause |
      | ---: | ---: | --- | --- |
      | 0 | 0 | join seeder-0 | group |
      | 0 | 0 | join seeder-1 | group |
      | 100 | 100 | join leecher-0 | group |
      | 100 | 100 | join leecher-1 | group |
      | 300 | 300 | leave seeder-1 | timeline |

      ## The tracker's word, whenever it changed

      | at ms | content | seeders said | seeders true | leechers said | leechers true |
      | ---: | --- | --- | --- | --- | --- |
      | 0 | content-0.bin | seeder-0 seeder-1 | seeder-0 seeder-1 |  |  |
      | 100 | content-0.bin | seeder-0 seeder-1 | seeder-0 seeder-1 | leecher-0 leecher-1 | leecher-0 leecher-1 |
      | 300 | content-0.bin | seeder-0 | seeder-0 | leecher-0 leecher-1 | leecher-0 leecher-1 |
      | 500 | content-0.bin | leecher-0 leecher-1 seeder-0 | leecher-0 leecher-1 seeder-0 |  |  |

      ## Environment

      | fact | value |
      | --- | --- |
      | kernel | none |
      | cores | 1 |
      | node | none |
      "
    `);
  });

  it('are the same from a record that was read back', () => {
    const again = fromText(toText(record));
    for (const report of all) expect(textOf(report, again)).toBe(textOf(report, record));
  });

  it('can be made of a run that was refused', () => {
    const nothing = {
      contents: [],
      peers: [],
      actions: [],
      events: [],
      samples: [],
      tracker: [],
      transfers: [],
    };
    const refused = doctored(record, {
      ...nothing,
      end: { ...record.end, verdict: 'unsupported' },
    });
    expect(textOf(reportMarkdown, refused)).toContain('# calm: not supported here');
    expect(textOf(summaryCsv, refused).split('\n')).toHaveLength(2);
  });

  it('disarm what a spreadsheet would run and what Markdown would read', () => {
    const nasty = renamed(record, '=HYPERLINK("x")|<b>\u202e');
    expect(textOf(seedersCsv, nasty)).toContain(`"'=HYPERLINK(""x"")`);
    expect(plain('a|b<c>\u202e\n')).toBe('a\\|b\\<c\\>\\u202e\\u000a');
    expect(table(['a', 'b'], [['x|y', 1]])).toBe('| a | b |\n| --- | ---: |\n| x\\|y | 1 |');
  });
});

describe('the document of run --json', () => {
  it('has just the fields that were promised', () => {
    const result = resultOf(accountOf(record), {
      report: 'reports/runs/calm/1',
      traceHash: 'ab',
      wallSeconds: 1.5,
    });
    expect(Object.keys(result)).toEqual([
      'scenario',
      'seed',
      'world',
      'fidelity',
      'verdict',
      'checks',
      'report',
      'replay',
      'traceHash',
      'virtualSeconds',
      'events',
      'wallSeconds',
      'bound',
      'uplinkUtilisation',
      'metrics',
      'peers',
    ]);
    expect(result).toMatchObject({
      scenario: 'calm',
      seed: 1,
      world: 'virtual',
      fidelity: 'elided',
      verdict: 'passed',
      traceHash: 'ab',
      virtualSeconds: 0.5,
      events: 10,
      wallSeconds: 1.5,
      bound: null,
      uplinkUtilisation: null,
      metrics: { finished: 2, completionMaxSec: 0.4, wastedShare: 0 },
    });
    expect(result.checks[0]).toEqual({
      name: 'integrity',
      held: true,
      detail: expect.any(String) as string,
    });
    expect(result.peers.at(-1)).toEqual({
      name: 'leecher-1',
      role: 'leecher',
      address: '127.90.1.2:6881',
      completed: true,
      verified: true,
      bytesDown: 131_072,
      bytesUp: expect.any(Number) as number,
    });
    expect(JSON.parse(JSON.stringify(result))).toEqual(result);
  });
});

describe('the replay line', () => {
  it.each([
    [{ world: 'loopback' }, 'swarmproof run calm --seed 1'],
    [
      { world: 'loopback', source: './my runs/x.yaml', overrides: ['peers.leecher.count=3'] },
      `swarmproof run './my runs/x.yaml' --seed 1 --set peers.leecher.count=3`,
    ],
    [
      { world: 'loopback', overrides: [`story=it's $HOME`, 'peers.leecher.has={ share: 0.5 }'] },
      `swarmproof run calm --seed 1 --set 'story=it'\\''s $HOME' --set 'peers.leecher.has={ share: 0.5 }'`,
    ],
  ])('can be pasted into a shell (%#)', (change, line) => {
    const { simulated: _, ...end } = record.end;
    const header = { ...record.header, ...change } as RunRecord['header'];
    expect(replayLine({ header, end })).toBe(line);
  });

  it('says how the virtual world played', () => {
    expect(replayLine(record)).toBe(
      'swarmproof run calm --seed 1 --world virtual --fidelity elided',
    );
  });
});

describe('the bound of Kumar and Ross', () => {
  // 131,072 bytes to two leechers, who took from 100 to 500 ms: 0.4 s.
  it.each([
    ['seed-bound', { up: 500_000 }, { up: 1e9, down: 1e9 }, 131_072 / 1e6],
    ['download-bound', { up: 1e9 }, { up: 1e9, down: 400_000 }, 131_072 / 4e5],
    ['upload-bound', { up: 400_000 }, { up: 1_000, down: 1e9 }, (2 * 131_072) / 802_000],
  ])('says which term binds: %s', async (binding, seeder, leecher, sec) => {
    const run = await linked(seeder, leecher);
    const { bound } = accountOf(run);
    expect(bound?.binding).toBe(binding);
    expect(bound?.kumarRossSec).toBeCloseTo(sec, 6);
    expect(bound?.ratio).toBeCloseTo(0.4 / sec, 6);
    expect(textOf(reportMarkdown, run)).toContain(
      `times the Kumar-Ross bound of ${sec.toFixed(3)} s (${binding})`,
    );
  });

  it('is silent where there are no rates', () => {
    expect(accountOf(record).bound).toBeUndefined();
  });
});

const all = [
  summaryCsv,
  throughputCsv,
  transfersCsv,
  seedersCsv,
  completionCsv,
  availabilityCsv,
  reportMarkdown,
];

const textOf = (report: (account: Account) => Iterable<string>, run: RunRecord): string =>
  [...report(accountOf(run))].join('');

const linked = (seeder: object, leecher: object): Promise<RunRecord> =>
  recordOf({
    ...calm,
    peers: {
      seeder: { ...calm.peers.seeder, link: seeder },
      leecher: { ...calm.peers.leecher, link: leecher },
    },
  });

function renamed(run: RunRecord, name: string): RunRecord {
  return doctored(run, { contents: run.contents.map((content) => ({ ...content, name })) });
}
