import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { SemanticType } from '../../../schema/semantic_type.js';
import { tableNamed } from '../../../schema/tables/index.js';
import { T } from '../../../schema/types.js';
import { MANIFEST, type Manifest } from '../../../tape/manifest.js';
import { parseManifest } from '../../../tape/parse_manifest.js';
import { readFooter } from '../parquet/footer.js';
import { holdsTexts, type Texts, textPages } from '../parquet/pages.js';
import type { NotedPair } from '../prove.js';
import { isAddress } from './addresses.js';
import { COMMON_WORDS } from './common_words.js';
import { Identifiers } from './identifiers.js';
import { walkObject } from './objects.js';

/** Meanings whose values are names that texts mention. */
const NAMES: ReadonlySet<SemanticType | undefined> = new Set([T.node, T.service, T.kubernetes_name, T.host]);

export interface GatherOptions {
  /** Directory of the original tape. */
  readonly original: string;
  readonly noted: Iterable<NotedPair>;
  readonly published: (text: string) => boolean;
  /** Columns that may stay, as `spans.trace_id`. */
  readonly kept: ReadonlySet<string>;
}

/** Gathers all that identifies in a tape, and what the redactor told of. */
export async function gather(options: GatherOptions): Promise<Identifiers> {
  const gathering = new Gathering(options);
  const file = join(options.original, MANIFEST);
  const manifest = parseManifest(file, await readFile(file, 'utf8'));
  gathering.manifest(manifest);
  for (const [table, segments] of Object.entries(manifest.tables)) {
    for (const { path } of segments) {
      const segment = join(options.original, path);
      gathering.segment(table, await readFile(segment), segment);
    }
  }
  return gathering.end();
}

class Gathering {
  private readonly identifiers: Identifiers;
  private readonly names = new Set<string>();
  private readonly addresses = new Set<string>();
  private readonly structure = new Set<string>(COMMON_WORDS);

  constructor(private readonly options: GatherOptions) {
    this.identifiers = new Identifiers(options.published);
  }

  manifest({ nodes, sources }: Manifest): void {
    for (const { name } of nodes) this.names.add(name);
    for (const { detail } of sources) {
      for (const [address] of detail.matchAll(/\d+(?:\.\d+){3}|[0-9a-f]*:[0-9a-f:]+/gi))
        this.address(address);
    }
  }

  segment(tableName: string, bytes: Buffer, file: string): void {
    const table = tableNamed(tableName);
    for (const chunk of readFooter(bytes, file).chunks) {
      const type = table?.columns[chunk.column]?.type;
      if (type === undefined || !holdsTexts(chunk) || this.options.kept.has(`${tableName}.${chunk.column}`))
        continue;
      const see = this.seen(type);
      if (see === undefined) continue;
      for (const { texts } of textPages(bytes, chunk, file)) see(texts);
    }
  }

  /** What to do with the texts of a column, by its meaning. */
  private seen(type: SemanticType): ((texts: Texts) => void) | undefined {
    if (NAMES.has(type)) return (texts) => this.each(texts, (text) => this.names.add(text));
    if (type === T.policies) return (texts) => this.each(texts, (text) => this.policy(text));
    if (type === T.kubernetes_object) return (texts) => this.each(texts, (text) => this.object(text));
    if (type.redaction === 'address') return (texts) => this.each(texts, (text) => this.address(text));
    if (type === T.attributes) return (texts) => this.each(texts, (text) => this.attribute(text));
    if (type.redaction === 'pseudonym') return (texts) => this.values(texts);
    return undefined;
  }

  private each({ bytes, starts, ends, count }: Texts, see: (text: string) => void): void {
    for (let i = 0; i < count; i++) see(bytes.toString('utf8', starts[i], ends[i]));
  }

  private values({ bytes, starts, ends, count }: Texts): void {
    for (let i = 0; i < count; i++) this.identifiers.addValue(bytes, starts[i] ?? 0, ends[i] ?? 0);
  }

  /** A key or a value; of white space and JSON some may stay, and what in them is a name is known from elsewhere. */
  private attribute(text: string): void {
    if (!/^[{[]|\s/.test(text)) this.identifiers.addValueText(text);
  }

  /** `Kind namespace/name`, or `Kind name`. */
  private policy(text: string): void {
    this.identifiers.addValueText(text);
    for (const name of text.split(' ').at(-1)?.split('/') ?? []) this.names.add(name);
  }

  private object(json: string): void {
    walkObject(
      json,
      (text, what) => {
        this.identifiers.ids.addAll(text);
        if (isAddress(text)) this.address(text);
        else if (what === 'name') this.names.add(text);
        else if (what === 'value') this.identifiers.addValueText(text);
      },
      this.structure,
    );
  }

  private address(text: string): void {
    this.addresses.add(text);
  }

  end(): Identifiers {
    const { identifiers, structure } = this;
    const taken = new Set<string>();
    for (const [pseudonym, original, kind] of this.options.noted) {
      identifiers.addNoted(pseudonym, original, kind);
      if (kind !== 'address') continue;
      this.address(original);
      if (pseudonym !== original) taken.add(pseudonym);
    }
    for (const name of this.names) identifiers.addName(name, (word) => structure.has(word));
    // Addresses change places with each other: one that stands for another now cannot be told from itself.
    for (const address of this.addresses) if (!taken.has(address)) identifiers.addAddress(address);
    return identifiers;
  }
}
