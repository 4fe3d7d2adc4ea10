/** How far V8 lets garbage grow where a thread has many peers. */
import { setFlagsFromString } from 'node:v8';

/** From so many peers on in a thread what each of them holds is what the machine must have. */
export const manyPeers = 50;

/**
 * V8 collects when its heap has grown to three or four times what was in use, and what hundreds of peers have under way lives
 * long enough to get there. At twice, a thousand peers take a fifth less memory and no more processor time that could be
 * measured; at one and a half times they take a third less, and a tenth more time.
 */
const growthPercent = 100;

/** Of this process, from the next collection on. */
export const keepHeapSmall = (): void =>
  setFlagsFromString(`--heap-growing-percent=${growthPercent}`);
