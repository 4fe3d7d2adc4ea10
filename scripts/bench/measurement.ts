/** What benches find: figures by run, and how two programs compare in them. */
import { median, quantile } from 'simple-statistics';

/** One figure of one program, a value for each run. */
export type Measurement = {
  readonly bench: string;
  readonly subject: string;
  /** With its unit. */
  readonly metric: string;
  readonly values: readonly number[];
  /** What it should reach, and on which side: told like a program that it is held against. */
  readonly goal?: Goal;
  /** For those who look closer: not printed, but in the report. */
  readonly isDetail?: boolean;
};

export type Goal = { readonly atMost: number } | { readonly atLeast: number };

/** One line of the results: a program held against another, in one interleaved run. */
export type Comparison = {
  readonly bench: string;
  readonly subject: string;
  readonly against: string;
  readonly metric: string;
  readonly median: number;
  readonly againstMedian: number;
  /** `median` over `againstMedian`. */
  readonly ratio: number;
  readonly runs: number;
};

/** Where the middle of the values lies, and how far they spread about it. */
export type Spread = {
  readonly median: number;
  readonly low: number;
  readonly high: number;
  readonly runs: number;
};

/** The quartiles, so that one disturbed run in five says nothing. */
export const spreadOf = (values: readonly number[]): Spread => ({
  median: median([...values]),
  low: quantile([...values], 0.25),
  high: quantile([...values], 0.75),
  runs: values.length,
});

/** Holds every program against every other that was measured in the same bench and metric. */
export function comparisonsOf(measurements: readonly Measurement[]): readonly Comparison[] {
  return measurements.flatMap(({ bench, goal, metric, subject, values }) => [
    ...(goal === undefined ? [] : [{ bench, subject, metric, ...againstGoal(values, goal) }]),
    ...measurements
      .filter(
        (other) => other.bench === bench && other.metric === metric && other.subject !== subject,
      )
      .map((other) => {
        const [own, theirs] = [median([...values]), median([...other.values])];
        const medians = { median: own, againstMedian: theirs, ratio: own / theirs };
        return { bench, subject, against: other.subject, metric, ...medians, runs: values.length };
      }),
  ]);
}

function againstGoal(
  values: readonly number[],
  goal: Goal,
): Pick<Comparison, 'against' | 'median' | 'againstMedian' | 'ratio' | 'runs'> {
  const own = median([...values]);
  const [against, wanted] =
    'atMost' in goal ? (['at most', goal.atMost] as const) : (['at least', goal.atLeast] as const);
  return { against, median: own, againstMedian: wanted, ratio: own / wanted, runs: values.length };
}
