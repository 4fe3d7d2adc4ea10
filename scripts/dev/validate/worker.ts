/** A process that plays one run after another: told of each by a message, it answers with what was measured. */
import type { Job } from './job.ts';
import { playJob } from './play-job.ts';

process.on('message', (job: Job) => {
  void playJob(job).then(
    (result) => process.send?.({ result }),
    (error: unknown) => process.send?.({ error: error instanceof Error ? error.stack : error }),
  );
});
