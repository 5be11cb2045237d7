import type { SemanticType } from '../../../schema/semantic_type.js';
import { tableNamed } from '../../../schema/tables/index.js';
import { T } from '../../../schema/types.js';
import { type ColumnChunk, readFooter } from '../parquet/footer.js';
import { holdsTexts, textsIn } from '../parquet/pages.js';
import type { Texts } from '../parquet/texts.js';
import type { SpilledHashes } from '../search/spilled_hashes.js';
import { isAddress } from './addresses.js';
import { AttributeNames, type SeeAttribute } from './attribute_names.js';
import { walkObject } from './objects.js';
import { Values } from './values.js';

/** Meanings whose values are names that texts mention. */
const NAMES: ReadonlySet<SemanticType | undefined> = new Set([T.node, T.service, T.kubernetes_name, T.host]);

/** What identifies in some segments and is looked for in texts. */
export interface Gathered {
  readonly names: ReadonlySet<string>;
  readonly addresses: ReadonlySet<string>;
  /** Lower-case words that belong to the API of Kubernetes, or to the kernel. */
  readonly structure: ReadonlySet<string>;
}

/** Gathers all that identifies in segments of the original tape. */
export class Gathering {
  private readonly values: Values;
  private readonly names = new Set<string>();
  private readonly addresses = new Set<string>();
  private readonly structure = new Set<string>();
  private readonly attributeNames = new AttributeNames(this.names);

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
    let last: ColumnChunk | undefined;
    for (const chunk of readFooter(bytes, file).chunks) {
      const type = table?.columns[chunk.column]?.type;
      if (type === undefined || !holdsTexts(chunk) || this.kept.has(`${tableName}.${chunk.column}`)) continue;
      if (type === T.attributes) {
        // Those of the keys come before those of the values.
        if (last?.column === chunk.column && last.rowGroup === chunk.rowGroup)
          this.attributes(bytes, last, chunk, file);
        last = chunk;
        continue;
      }
      const isKernels = table?.source === 'kernel' && type.redaction === 'keep' && type.wire !== undefined;
      const see = isKernels ? this.word : this.seen(type);
      if (see !== undefined) for (const texts of textsIn(bytes, chunk, file)) see(texts);
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
    if (type === T.labels) return (texts) => this.each(texts, (text) => this.label(text));
    if (type === T.kubernetes_object) return (texts) => this.each(texts, (text) => this.object(text));
    if (type.redaction === 'address') return (texts) => this.each(texts, (text) => this.addresses.add(text));
    if (type.redaction === 'pseudonym') return (texts) => this.wholes(texts);
    return undefined;
  }

  /** A constant or function of the kernel, which is the same for all. */
  private readonly word = (texts: Texts): void =>
    this.each(texts, (text) => this.structure.add(text.toLowerCase()));

  private each({ bytes, starts, ends, count }: Texts, see: (text: string) => void): void {
    for (let i = 0; i < count; i++) see(bytes.toString('utf8', starts[i], ends[i]));
  }

  private wholes({ bytes, starts, ends, count }: Texts): void {
    for (let i = 0; i < count; i++) this.values.add(bytes, starts[i] ?? 0, ends[i] ?? 0);
  }

  /** Keys and values of a row group. */
  private attributes(bytes: Buffer, keys: ColumnChunk, values: ColumnChunk, file: string): void {
    const { attributeNames } = this;
    this.eachAttribute(bytes, keys, file, attributeNames.key);
    this.eachAttribute(bytes, values, file, attributeNames.value);
    attributeNames.endGroup(bytes, keys, values, file);
  }

  /**
   * Takes the texts of a chunk of attributes, and tells of each that may be a name, with its number in the chunk; not of
   * what has white space and of JSON, of which some may stay.
   */
  private eachAttribute(bytes: Buffer, chunk: ColumnChunk, file: string, see: SeeAttribute): void {
    let number = 0;
    for (const { bytes: page, starts, ends, count } of textsIn(bytes, chunk, file)) {
      for (let i = 0; i < count; i++, number++) {
        const start = starts[i] ?? 0;
        const end = ends[i] ?? 0;
        if (this.values.addId(page, start, end) || isJsonOrSpaced(page, start, end)) continue;
        if (this.values.addName(page, start, end)) see(page, start, end, number);
      }
    }
  }

  /** `Kind namespace/name`, or `Kind name`. */
  private policy(text: string): void {
    this.values.addText(text);
    for (const name of text.split(' ').at(-1)?.split('/') ?? []) this.names.add(name);
  }

  /** `k8s:app=checkout`, or without a value. */
  private label(text: string): void {
    this.values.addText(text);
    const value = text.slice(text.indexOf('=') + 1);
    if (value !== text) this.names.add(value);
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
