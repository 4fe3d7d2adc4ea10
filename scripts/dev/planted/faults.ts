/** Every planted fault. */
import { askingFaults } from './asking.ts';
import type { Fault } from './fault.ts';
import { peersFaults } from './peers.ts';
import { servingFaults } from './serving.ts';
import { trackerFaults } from './tracker.ts';

export const faults: readonly Fault[] = [
  ...askingFaults,
  ...servingFaults,
  ...peersFaults,
  ...trackerFaults,
];
