import { playLibrary } from './testing/play-library.ts';

playLibrary({ part: 1, of: 3 });
