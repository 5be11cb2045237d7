import type { SemanticType } from '../../../schema/semantic_type.js';
import { tableNamed } from '../../../schema/tables/index.js';
import { T } from '../../../schema/types.js';
import { readFooter } from '../parquet/footer.js';
import { holdsTexts, type Texts, textPages } from '../parquet/pages.js';
import type { SpilledHashes } from '../search/spilled_hashes.js';
import { isAddress } from './addresses.js';
import { walkObject } from './objects.js';
import { Values } from './values.js';

/** Meanings whose values are names that texts mention. */
const NAMES: ReadonlySet<SemanticType | undefined> = new Set([T.node, T.service, T.kubernetes_name, T.host]);

/** What identifies in some segments and is looked for in texts. */
export interface Gathered {
  readonly names: ReadonlySet<string>;
  readonly addresses: ReadonlySet<string>;
  /** Lower-case words that belong to the API of Kubernetes. */
  readonly structure: ReadonlySet<string>;
}

/** Gathers all that identifies in segments of the original tape. */
export class Gathering {
  private readonly values: Values;
  private readonly names = new Set<string>();
  private readonly addresses = new Set<string>();
  private readonly structure = new Set<string>();

  /**
   * @param kept columns that may stay, as `spans.trace_id`
   * @param ids where hashes of ids are put
   */
  constructor(
    private readonly kept: ReadonlySet<string>,
    ids: SpilledHashes,
  ) {
    this.values = new Values(ids);
  }

  /** Gathers from one segment; returns hashes of its whole values that are no ids. */
  segment(tableName: string, bytes: Buffer, file: string): Int32Array<ArrayBuffer> {
    const table = tableNamed(tableName);
    for (const chunk of readFooter(bytes, file).chunks) {
      const type = table?.columns[chunk.column]?.type;
      if (type === undefined || !holdsTexts(chunk) || this.kept.has(`${tableName}.${chunk.column}`)) continue;
      const see = this.seen(type);
      if (see === undefined) continue;
      for (const { texts } of textPages(bytes, chunk, file)) see(texts);
    }
    return this.values.names.take();
  }

  /** What was gathered besides, of all segments. */
  handOver(): Gathered {
    const { names, addresses, structure } = this;
    return { names, addresses, structure };
  }

  /** What to do with the texts of a column, by its meaning. */
  private seen(type: SemanticType): ((texts: Texts) => void) | undefined {
    if (NAMES.has(type)) return (texts) => this.each(texts, (text) => this.names.add(text));
    if (type === T.policies) return (texts) => this.each(texts, (text) => this.policy(text));
    if (type === T.kubernetes_object) return (texts) => this.each(texts, (text) => this.object(text));
    if (type.redaction === 'address') return (texts) => this.each(texts, (text) => this.addresses.add(text));
    if (type === T.attributes) return (texts) => this.attributes(texts);
    if (type.redaction === 'pseudonym') return (texts) => this.wholes(texts);
    return undefined;
  }

  private each({ bytes, starts, ends, count }: Texts, see: (text: string) => void): void {
    for (let i = 0; i < count; i++) see(bytes.toString('utf8', starts[i], ends[i]));
  }

  private wholes({ bytes, starts, ends, count }: Texts): void {
    for (let i = 0; i < count; i++) this.values.add(bytes, starts[i] ?? 0, ends[i] ?? 0);
  }

  /** Keys and values; of white space and JSON some may stay, and what in them is a name is known from elsewhere. */
  private attributes({ bytes, starts, ends, count }: Texts): void {
    for (let i = 0; i < count; i++) {
      const start = starts[i] ?? 0;
      const end = ends[i] ?? 0;
      if (this.values.addId(bytes, start, end) || isJsonOrSpaced(bytes, start, end)) continue;
      this.values.addName(bytes, start, end);
    }
  }

  /** `Kind namespace/name`, or `Kind name`. */
  private policy(text: string): void {
    this.values.addText(text);
    for (const name of text.split(' ').at(-1)?.split('/') ?? []) this.names.add(name);
  }

  private object(json: string): void {
    walkObject(
      json,
      (text, what) => {
        this.values.addIdsIn(text);
        if (isAddress(text)) this.addresses.add(text);
        else if (what === 'name') this.names.add(text);
        else if (what === 'value') this.values.addText(text);
      },
      this.structure,
    );
  }
}

const SPACE = 32;
const TAB = 9;
const CARRIAGE_RETURN = 13;
const BRACKET = 91;
const BRACE = 123;

function isJsonOrSpaced(bytes: Buffer, start: number, end: number): boolean {
  if (bytes[start] === BRACKET || bytes[start] === BRACE) return true;
  for (let i = start; i < end; i++) {
    const byte = bytes[i] ?? 0;
    if (byte === SPACE || (byte >= TAB && byte <= CARRIAGE_RETURN)) return true;
    // White space beyond ASCII.
    if (byte >= 128) return /\s/.test(bytes.toString('utf8', i, end));
  }
  return false;
}
