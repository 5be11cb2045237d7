import { tableNamed } from '../../schema/tables/index.js';
import { T } from '../../schema/types.js';
import type { Identifiers } from './identifiers/identifiers.js';
import { walkObject } from './identifiers/objects.js';
import { Values } from './identifiers/values.js';
import type { IdentifierKind, Where } from './leak.js';
import { type ColumnChunk, readFooter } from './parquet/footer.js';
import { holdsTexts, type Texts, textPages } from './parquet/pages.js';
import { hiddenForms, mayHide } from './search/hidden_forms.js';
import { type Pattern, Patterns } from './search/patterns.js';

/** Something of the original that was found, and where. */
export interface Find {
  readonly where: Where;
  readonly kind: IdentifierKind;
  readonly original: string;
  /** It is no leak if this may stand in a shared tape. */
  readonly unless?: string;
}

/** The text that is being searched: one object for all, since there are tens of millions. */
interface Searched {
  bytes: Uint8Array;
  start: number;
  end: number;
  where: Where;
}

/** How deep forms are undone within each other: base64 of a URL-encoded text is two. */
const MAX_DEPTH = 2;

/** Parquet's magic word before the first page. */
const FIRST_PAGE = 4;

/** Looks for identifiers in the files of a tape. */
export class Scan {
  /** Bytes of text that were searched. */
  bytes = 0;
  private readonly patterns = new Patterns();
  private readonly values: Values;
  private finds: Find[] = [];
  /** What was told of a page already. */
  private readonly told = new Set<string>();
  private toldAt: Where | undefined;
  private readonly searched: Searched = {
    bytes: Buffer.alloc(0),
    start: 0,
    end: 0,
    where: { file: '', place: 'file' },
  };

  /** @param kept columns that may stay, as `spans.trace_id` */
  constructor(
    { patterns, values }: Identifiers,
    private readonly kept: ReadonlySet<string>,
  ) {
    for (const [original, kind, text] of patterns) this.patterns.add(original, kind, text);
    this.values = new Values(values);
  }

  /**
   * What of the original is in one file: once for a page.
   * @param header what an archive says of the file besides its path
   */
  file(path: string, bytes: Buffer, header: readonly string[]): readonly Find[] {
    this.finds = [];
    this.string(path, { file: path, place: 'file name' });
    for (const text of header) this.string(text, { file: path, place: 'archive header' });
    if (path.endsWith('.parquet')) this.parquet(path, bytes);
    else this.text(bytes, 0, bytes.length, { file: path, place: 'file' });
    return this.finds;
  }

  private parquet(file: string, bytes: Buffer): void {
    const table = file.split('/').at(-2) ?? '';
    const footer = readFooter(bytes, file);
    for (const { bytes: text, ...where } of footer.texts) {
      if (!this.stays(table, where.column)) this.text(text, 0, text.length, { file, table, ...where });
    }
    let end = FIRST_PAGE;
    const chunks = footer.chunks.toSorted((a, b) => a.start - b.start);
    for (const { start, end: next } of [...chunks, { start: footer.start, end: footer.start }]) {
      if (start > end)
        this.text(bytes, end, start, {
          file,
          table,
          place: 'unaccounted bytes',
        });
      end = Math.max(end, next);
    }
    for (const chunk of footer.chunks) {
      if (holdsTexts(chunk) && !this.stays(table, chunk.column)) this.chunk(file, table, bytes, chunk);
    }
  }

  private stays(table: string, column: string | undefined): boolean {
    return column !== undefined && this.kept.has(`${table}.${column}`);
  }

  private chunk(file: string, table: string, bytes: Buffer, chunk: ColumnChunk): void {
    const { column, rowGroup } = chunk;
    const type = tableNamed(table)?.columns[column]?.type;
    const holdsNames =
      type === T.attributes || type?.redaction === 'pseudonym' || type?.redaction === 'address';
    const holdsObjects = type === T.kubernetes_object;
    for (const { place, texts, header } of textPages(bytes, chunk, file)) {
      const where = { file, table, column, rowGroup, place };
      for (const text of header) this.text(text, 0, text.length, { ...where, place: 'statistics' });
      this.texts(texts, where, holdsNames, holdsObjects);
    }
  }

  private texts(texts: Texts, where: Where, holdsNames: boolean, holdsObjects: boolean): void {
    const { bytes, starts, ends, count, rest } = texts;
    const { ids } = this.values;
    for (let i = 0; i < count; i++) {
      const start = starts[i] ?? 0;
      const end = ends[i] ?? 0;
      if (ids.isId(bytes, start, end)) {
        this.bytes += end - start;
        if (ids.hasLast()) this.tell(decoded(bytes, start, end), 'id', where);
        continue;
      }
      this.text(bytes, start, end, where);
      if (holdsNames) this.value(bytes, start, end, where);
      if (holdsObjects) this.object(bytes.toString('utf8', start, end), where);
    }
    if (rest > 0)
      this.text(bytes, bytes.length - rest, bytes.length, {
        ...where,
        place: 'unaccounted bytes',
      });
  }

  /** Looks for identifiers anywhere in a text, and in what it says in other forms. */
  private text(bytes: Uint8Array, start: number, end: number, where: Where, depth = 0): void {
    this.bytes += end - start;
    const { searched } = this;
    searched.bytes = bytes;
    searched.start = start;
    searched.end = end;
    searched.where = where;
    this.patterns.search(bytes, start, end, this.foundPattern);
    this.values.ids.search(bytes, start, end, this.foundId);
    if (depth === MAX_DEPTH || !mayHide(bytes, start, end)) return;
    for (const form of hiddenForms(decoded(bytes, start, end))) this.string(form, where, depth + 1);
  }

  private readonly foundPattern = ({ original, kind }: Pattern, from: number, to: number): void => {
    this.tell(original, kind, this.searched.where, longerWord(this.searched, from, to));
  };

  private readonly foundId = (from: number, to: number): void => {
    this.tell(decoded(this.searched.bytes, from, to), 'id', this.searched.where);
  };

  private string(text: string, where: Where, depth = 0): void {
    const bytes = Buffer.from(text);
    this.text(bytes, 0, bytes.length, where, depth);
  }

  /** Looks for an identifier that is a whole value of a column or field that holds names. */
  private value(bytes: Uint8Array, start: number, end: number, where: Where): void {
    if (!this.values.has(bytes, start, end)) return;
    const text = decoded(bytes, start, end);
    this.tell(text, 'name', where, text);
  }

  private object(json: string, where: Where): void {
    walkObject(json, (text, what) => {
      const bytes = Buffer.from(text);
      if (what !== 'other') this.value(bytes, 0, bytes.length, where);
    });
  }

  /** Tells of a find, and of those that may stand there once. */
  private tell(original: string, kind: IdentifierKind, where: Where, unless?: string): void {
    if (where !== this.toldAt) {
      this.toldAt = where;
      this.told.clear();
    }
    const what = unless === undefined ? kind : `${kind} ${unless}`;
    if (this.told.has(what)) return;
    this.told.add(what);
    const found = { where, kind, original };
    this.finds.push(unless === undefined ? found : { ...found, unless });
  }
}

/** The bytes around what was found as far as a word goes, as `error.type` around `error`; undefined if it is the whole. */
function longerWord({ bytes, start, end }: Searched, first: number, last: number): string | undefined {
  let from = first;
  let to = last;
  while (from > start && IS_OF_WORD[bytes[from - 1] ?? 0]) from--;
  while (to < end && IS_OF_WORD[bytes[to] ?? 0]) to++;
  return to - from > last - first ? decoded(bytes, from, to) : undefined;
}

/** Bytes of words as conventions write them: letters, digits, `.`, `_`, `/` and `-`. */
const IS_OF_WORD = Array.from({ length: 256 }, (_, byte) =>
  /[A-Za-z0-9._/-]/.test(String.fromCharCode(byte)),
);

function decoded(bytes: Uint8Array, start: number, end: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString();
}
