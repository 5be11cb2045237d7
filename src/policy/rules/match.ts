/** What a recording does not tell, and why, as a clause: `the labels of namespace shop are not known`. */
export interface Unknown {
  readonly unknown: string;
}

/** Whether something holds, as far as the recording tells. */
export type Match = boolean | Unknown;

export function isUnknown(match: Match): match is Unknown {
  return typeof match === 'object';
}

export function unknown(why: string): Unknown {
  return { unknown: why };
}

export function not(match: Match): Match {
  return isUnknown(match) ? match : !match;
}

/** Whether any item holds; of nothing, none does. An item that holds outweighs those that cannot be told. */
export function anyOf<T>(items: readonly T[], holds: (item: T) => Match): Match {
  let doubt: Unknown | undefined;
  for (const item of items) {
    const match = holds(item);
    if (match === true) return true;
    if (match !== false) doubt ??= match;
  }
  return doubt ?? false;
}

/** Whether every item holds; an item that does not outweighs those that cannot be told. */
export function allOf<T>(items: readonly T[], holds: (item: T) => Match): Match {
  let doubt: Unknown | undefined;
  for (const item of items) {
    const match = holds(item);
    if (match === false) return false;
    if (match !== true) doubt ??= match;
  }
  return doubt ?? true;
}
