import fc from 'fast-check';
import { inject } from 'vitest';

/** 200 runs a property keep the whole suite within minutes; PROPERTY_RUNS asks for more. */
const numRuns = Number(process.env['PROPERTY_RUNS'] ?? 200);

fc.configureGlobal({ numRuns, seed: inject('propertySeed') });
