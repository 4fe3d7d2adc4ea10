/** Small benches, which are shorter when somebody waits for them. */
import { type BenchOptions, bench as vitestBench } from 'vitest';

/** A fifth of what vitest takes, which is half a second: enough for a median, not for the tails. */
const quick: BenchOptions = { time: 100, warmupTime: 20 };

/** Set by `npm run bench -- --quick`. */
const pace = process.env['SWARMPROOF_QUICK_BENCH'] === undefined ? {} : quick;

/** As vitest's. */
export function bench(name: string, run: () => void): void {
  vitestBench(name, run, pace);
}
