/** `; did you mean "x"?`-like hint for the name nearest to what was written, or nothing when none is near. */
export function closest(written: string, names: readonly string[]): string {
  const name = nearest(written, names);
  return name === undefined ? '' : ` (did you mean ${name}?)`;
}

/** The name nearest to what was written, if one is near. */
export function nearest(written: string, names: readonly string[]): string | undefined {
  const first = names
    .map((name) => ({ name, distance: editDistance(written.toLowerCase(), name.toLowerCase()) }))
    .sort((a, b) => a.distance - b.distance)[0];
  // With every character another it is no hint.
  const most = Math.min(written.length - 1, Math.max(2, written.length / 3));
  return first !== undefined && first.distance <= most ? first.name : undefined;
}

/** Levenshtein distance: insertions, deletions and replacements of one character. */
function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = (previous[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      row.push(Math.min(replaced, (previous[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1));
    }
    previous = row;
  }
  return previous[b.length] ?? 0;
}
