import { expect, it } from 'vitest';
import { voices } from './tune.ts';

it('keeps all voices together to the end of the 72nd bar', () => {
  for (const { name, notes } of voices()) {
    const eighths = notes.reduce((sum, note) => sum + note.eighths, 0);
    expect({ name, eighths }).toEqual({ name, eighths: 72 * 8 });
  }
});
