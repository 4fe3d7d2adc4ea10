import { playLibrary } from './testing/play-library.ts';

playLibrary({ part: 2, of: 3 });
