/** How a peer of the plan is connected, as the network wants to know it. */
import type { PeerSpec } from '../plan.ts';
import { microsOfMillis } from './micros.ts';
import type { Access } from './network/access.ts';

/** What a link has whose rate nobody said: a gigabit Ethernet. */
export const usualBytesPerSec = 125e6;

export type WrittenRates = {
  readonly upBytesPerSec?: number | undefined;
  readonly downBytesPerSec?: number | undefined;
};

export const ratesOf = ({
  upBytesPerSec = usualBytesPerSec,
  downBytesPerSec = usualBytesPerSec,
}: WrittenRates): Pick<Access, 'upBytesPerSec' | 'downBytesPerSec'> => ({
  upBytesPerSec,
  downBytesPerSec,
});

export const accessOf = ({ link, isNatted = false }: PeerSpec): Access => ({
  ...ratesOf(link),
  delay: microsOfMillis(link.delayMs),
  jitter: microsOfMillis(link.jitterMs ?? 0),
  loss: link.loss ?? 0,
  isNatted,
});
