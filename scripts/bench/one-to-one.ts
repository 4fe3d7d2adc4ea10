/** One seeder to one leecher, each program with itself and in mixed pairs. */
import type { Contestant } from './contestant.ts';
import { type Content, makeContent } from './content.ts';
import type { Measurement } from './measurement.ts';
import { type Pair, type Transfer, transfer } from './transfer.ts';

export type OneToOneOptions = {
  readonly contestants: readonly Contestant[];
  /** Each program also with the first one, in both roles. */
  readonly mixed: boolean;
  readonly bytes: number;
  readonly pieceLengths: readonly number[];
  readonly runs: number;
  /** Where files are made; nothing else is touched. */
  readonly scratch: string;
  /** Told after each run. */
  readonly onRun: (line: string) => void;
};

export async function oneToOne(options: OneToOneOptions): Promise<readonly Measurement[]> {
  const measurements: Measurement[] = [];
  for (const pieceLength of options.pieceLengths) {
    const content = await makeContent(options.scratch, { bytes: options.bytes, pieceLength });
    const bench = `one-to-one, ${options.bytes / 2 ** 20} MiB in pieces of ${pieceLength / 1024} KiB`;
    measurements.push(...(await interleaved(bench, content, options)));
  }
  return measurements;
}

/** A B A B: whatever changes with the hour changes for all alike. */
async function interleaved(
  bench: string,
  content: Content,
  { contestants, mixed, onRun, runs, scratch }: OneToOneOptions,
): Promise<readonly Measurement[]> {
  const pairs = pairsOf(contestants, mixed);
  const found = new Map<Pair, Transfer[]>(pairs.map((pair) => [pair, []]));
  for (let run = 0; run < runs; run += 1)
    for (const pair of pairs) {
      const done = await transfer(pair, content, scratch);
      found.get(pair)?.push(done);
      onRun(lineOf(pair, done, content.bytes));
    }
  return [...found].flatMap(([pair, transfers]) =>
    metricsOf(content.bytes).map(([metric, valueOf]) => {
      return { bench, subject: nameOf(pair), metric, values: transfers.map(valueOf) };
    }),
  );
}

export function pairsOf(contestants: readonly Contestant[], mixed: boolean): readonly Pair[] {
  const [first, ...others] = contestants;
  const alone = contestants.map((each) => ({ seeder: each, leecher: each }));
  if (!mixed || first === undefined) return alone;
  return [
    ...alone,
    ...others.flatMap((other) => [
      { seeder: first, leecher: other },
      { seeder: other, leecher: first },
    ]),
  ];
}

export const nameOf = ({ seeder, leecher }: Pair): string =>
  seeder === leecher ? seeder.name : `${seeder.name} to ${leecher.name}`;

type Metric = readonly [name: string, valueOf: (transfer: Transfer) => number];

/** Figures per GiB, so that files of any length compare. */
function metricsOf(bytes: number): readonly Metric[] {
  const gibibytes = bytes / 2 ** 30;
  return [
    ['MB/s', ({ seconds }) => bytes / 1e6 / seconds],
    ['CPU-s/GiB, both', ({ seeder, leecher }) => (cpu(seeder) + cpu(leecher)) / gibibytes],
    ['CPU-s/GiB, seeder', ({ seeder }) => cpu(seeder) / gibibytes],
    ['CPU-s/GiB, leecher', ({ leecher }) => cpu(leecher) / gibibytes],
    [
      'CPU-s/GiB in the kernel, both',
      ({ seeder, leecher }) => (seeder.systemSeconds + leecher.systemSeconds) / gibibytes,
    ],
    ['peak MiB, seeder', ({ seeder }) => seeder.peakBytes / 2 ** 20],
    ['peak MiB, leecher', ({ leecher }) => leecher.peakBytes / 2 ** 20],
    ['private MiB, seeder', ({ seeder }) => seeder.privateBytes / 2 ** 20],
    ['private MiB, leecher', ({ leecher }) => leecher.privateBytes / 2 ** 20],
  ];
}

const cpu = ({ userSeconds, systemSeconds }: Transfer['seeder']): number =>
  userSeconds + systemSeconds;

const lineOf = (pair: Pair, done: Transfer, bytes: number): string =>
  [
    `${nameOf(pair)}: ${(bytes / 1e6 / done.seconds).toFixed(0)} MB/s,`,
    `CPU ${cpu(done.seeder).toFixed(2)} + ${cpu(done.leecher).toFixed(2)} s,`,
    `peak ${(done.seeder.peakBytes / 2 ** 20).toFixed(0)} + ${(done.leecher.peakBytes / 2 ** 20).toFixed(0)} MiB`,
  ].join(' ');
