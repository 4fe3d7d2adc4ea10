import { playLibrary } from './testing/play-library.ts';

playLibrary({ part: 0, of: 3 });
