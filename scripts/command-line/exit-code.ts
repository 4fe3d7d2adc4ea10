/** What a finished command tells the shell. Stable: scripts of others depend on the numbers. */
export const exitCode = {
  passed: 0,
  failed: 1,
  usage: 2,
  degraded: 3,
  unable: 4,
  interrupted: 130,
  terminated: 143,
} as const;

export type ExitCode = (typeof exitCode)[keyof typeof exitCode];

/** For the end of `--help`. */
export const exitCodeHelp = `Exit codes:
  0    done; every check held
  1    what was asked did not come out: a check failed, a file differs, there is no such torrent
  2    the command line, a torrent file or a scenario is wrong
  3    done, but with less than everything (doctor: something optional is missing)
  4    this machine or its surroundings cannot: a port is taken, the disk is full, the tracker is away
  130  interrupted by Ctrl+C before it was done (143: by SIGTERM)
A tracker or a seeder has no end of its own: stopped by Ctrl+C it exits with 0.`;
