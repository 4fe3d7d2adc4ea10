/**
 * How much of a swarm's bytes is real. `byte-exact`: messages are encoded and decoded, blocks are the content's own
 * bytes, pieces are hashed. `elided`: messages travel as values and a block says only whether it is honest; lengths,
 * and with them every moment of the run, are the same.
 */
export type Fidelity = 'byte-exact' | 'elided';
