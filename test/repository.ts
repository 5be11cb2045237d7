import { fileURLToPath } from 'node:url';

/** Root of the checkout: compiled tests stand in dist/test. */
export const repository = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '');
