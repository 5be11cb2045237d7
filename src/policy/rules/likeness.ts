import type { Cidr } from '../ip.js';

/**
 * Which ends of connections are all the same to a clause or a set of endpoints. Blocks: those that are alike, which are
 * of one kind, with addresses on the same side of every border of these blocks, and, of pods, in one namespace with the
 * same labels and ports. `pod`: no two pods, nor what is no pod, need be.
 */
export type Likeness = readonly Cidr[] | 'pod';

/** Of what looks at no address. */
export const NO_BLOCKS: readonly Cidr[] = [];
