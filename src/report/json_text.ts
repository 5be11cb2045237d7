import { inertJson } from '../inert.js';

/** An answer as JSON on lines of its own, with what a terminal would act on escaped. */
export function jsonText(answer: object): string {
  return `${inertJson(JSON.stringify(answer, null, 2))}\n`;
}
