import { describe, expect, it } from 'vitest';
import { Outputs } from './outputs.ts';

describe('Outputs', () => {
  it('gives everything once, in order', () => {
    const outputs = new Outputs<string>();
    outputs.add('dial');
    outputs.add('say');
    expect(outputs.take()).toEqual(['dial', 'say']);
    expect(outputs.take()).toEqual([]);
  });

  it('never changes a list that was taken', () => {
    const outputs = new Outputs<string>();
    outputs.add('dial');
    const taken = outputs.take();
    outputs.add('say');
    expect(taken).toEqual(['dial']);
    expect(outputs.take()).toEqual(['say']);
  });
});
