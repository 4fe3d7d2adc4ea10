/** The program of a tracker's worker: a process of its own, which begins when it is told how and ends with the one who started it. */
import { type Letter, Post } from './tracker-post.ts';
import { Shard } from './tracker-shard.ts';
import type { ShardQuestion } from './tracker-worker-letters.ts';

/** The number is in the environment, so that letters can be answered before it has begun. */
const place = Number(process.env['SWARMPROOF_TRACKER_SHARD']);
let shard: Shard | undefined;

const send = (letters: readonly Letter[]): void => void process.send?.(letters);
const toHeadquarters = { send };
const post: Post<ShardQuestion> = new Post<ShardQuestion>({
  place,
  linkTo: () => toHeadquarters,
  answer: (question) => {
    if (question.type === 'begin') {
      shard = new Shard(question.beginning, post);
      return shard.listen();
    }
    if (shard === undefined) throw new Error('this worker of the tracker has not begun');
    return shard.answer(question);
  },
});

process.on('message', (letters) => post.take(letters as Letter[]));
send([]);
// Ctrl+C reaches every process of a terminal; when it is over is decided by the one who started this one.
process.on('SIGINT', () => undefined);
