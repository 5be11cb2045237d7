/** How many values of a column were looked at, and how many became others; some of those, as they became. */
export interface ColumnCount {
  values: number;
  replaced: number;
  readonly samples: string[];
}

/** Samples kept of a column, and how long one may be. */
const SAMPLES = 2;
const SAMPLE_LENGTH = 60;

/** Keeps some of what values became. */
export function addSample({ samples }: ColumnCount, after: string): void {
  if (samples.length >= SAMPLES || after === '') return;
  const shown = after.length > SAMPLE_LENGTH ? `${after.slice(0, SAMPLE_LENGTH)}…` : after;
  if (!samples.includes(shown)) samples.push(shown);
}
