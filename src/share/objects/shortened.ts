/** Runs of letters and digits, and what is between them. */
const RUNS = /[A-Za-z0-9]+|[^A-Za-z0-9]+/g;

/** The text cut to a length, of its longest runs of letters and digits as much as it takes. */
export function shortened(text: string, longest: number): string {
  const runs = text.match(RUNS) ?? [];
  for (let excess = text.length - longest; excess > 0; excess--) {
    const at = runs.reduce((best, run, i) => (run.length > (runs[best] ?? '').length ? i : best), 0);
    runs[at] = (runs[at] ?? '').slice(0, -1);
  }
  return runs.join('');
}
