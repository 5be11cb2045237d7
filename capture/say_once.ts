import type { Say } from './source.js';

/** Lines that are remembered, so as not to be repeated: a server may word every one in another way. */
const MOST_REMEMBERED = 100;

/** Says as `say` does, but the same line once, unless there are very many. */
export function sayingOnce(say: Say): Say {
  const said = new Set<string>();
  return (line) => {
    if (said.has(line)) return;
    if (said.size === MOST_REMEMBERED) said.clear();
    said.add(line);
    say(line);
  };
}
