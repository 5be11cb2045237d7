/** Where an answer goes; `write` resolves when more can be taken. */
export interface Output {
  write(text: string): Promise<void>;
}

export const FORMATS = ['table', 'json', 'ndjson', 'csv'] as const;
export type Format = (typeof FORMATS)[number];
