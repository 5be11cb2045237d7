import { KtapeError } from '../errors.js';

/** A column as a header declares it. */
export interface DeclaredColumn {
  readonly name: string;
  /** SQL type as DuckDB writes it. */
  readonly type: string;
  readonly doc: string;
}

/** A parameter as a header declares it. */
export interface DeclaredParameter extends DeclaredColumn {
  /** SQL expression that gives the value when none is given. */
  readonly default: string;
  /** The words that a value may list, separated by commas; any text without. */
  readonly words?: readonly string[];
  /** The least number that a value may be; any without. */
  readonly least?: number;
}

/** How to draw an answer: the shape, and the columns it takes. */
interface Drawing {
  readonly shape: (typeof SHAPES)[number];
  readonly columns: readonly string[];
}

/** What the comment at the head of a .sql file declares. */
export interface SqlHeader {
  readonly title: string;
  /** Tables and views without which there is no answer. */
  readonly needs: readonly string[];
  readonly parameters: readonly DeclaredParameter[];
  readonly columns: readonly DeclaredColumn[];
  /** How to read the answer; empty where the columns say it all. */
  readonly read: string;
  /** What an empty answer means. */
  readonly empty: string;
  readonly draw: Drawing | undefined;
}

const SHAPES = ['bars', 'timeline'] as const;
const SECTIONS = ['Needs', 'Parameters', 'Columns', 'Read', 'Empty', 'Draw'];
const TYPE = String.raw`([A-Z_0-9]+(?:\([A-Z_0-9, ]+\))?(?:\[\])*)`;
const COLUMN = new RegExp(String.raw`^(\w+) ${TYPE}: (.+)$`);
const PARAMETER = new RegExp(String.raw`^(\w+) ${TYPE} = (.+?)(?: of ([^:]+))?(?: from (\d+))?: (.+)$`);

/** Reads the comment at the head of a .sql file; throws a KtapeError that names the file and the line. */
export function parseSqlHeader(file: string, text: string): SqlHeader {
  const sections = splitSections(file, text);
  const listed = (name: string) => words(paragraph(sections.get(name)));
  return {
    title: paragraph(sections.get('Title')),
    needs: listed('Needs'),
    parameters: entries(sections.get('Parameters')).map((entry) => {
      const [, name = '', type = '', fallback = '', list, least, doc = ''] = match(file, PARAMETER, entry);
      return {
        name,
        type,
        default: fallback,
        doc,
        ...(list && { words: list.split(', ') }),
        ...(least && { least: Number(least) }),
      };
    }),
    columns: entries(sections.get('Columns')).map((entry) => {
      const [, name = '', type = '', doc = ''] = match(file, COLUMN, entry);
      return { name, type, doc };
    }),
    read: paragraph(sections.get('Read')),
    empty: paragraph(sections.get('Empty')),
    draw: drawing(file, listed('Draw')),
  };
}

/** The lines of each section by its name, the title's first; without the comment marks. */
function splitSections(file: string, text: string): ReadonlyMap<string, string[]> {
  const sections = new Map<string, string[]>();
  let current: string[] = [];
  sections.set('Title', current);
  for (const line of text.split('\n')) {
    if (!line.startsWith('--')) break;
    const content = line.slice(3);
    const [, name, rest = ''] = /^([A-Z][a-z]+):(?: (.*))?$/.exec(content) ?? [];
    if (name === undefined) {
      current.push(content);
    } else if (SECTIONS.includes(name)) {
      current = [rest];
      sections.set(name, current);
    } else {
      throw new KtapeError(`${file}: "${content}" begins no section; expected ${SECTIONS.join(', ')}`);
    }
  }
  return sections;
}

function paragraph(lines: readonly string[] = []): string {
  return lines
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .join(' ');
}

/** Entries are indented by two; what is indented further goes on with the one above. */
function entries(lines: readonly string[] = []): string[] {
  const found: string[] = [];
  for (const line of lines.filter((line) => line.trim() !== '')) {
    if (/^ {2}\S/.test(line)) found.push(line.trim());
    else found.push(`${found.pop() ?? ''} ${line.trim()}`);
  }
  return found;
}

function words(text: string): string[] {
  return text.split(/[,\s]+/).filter((word) => word !== '');
}

function match(file: string, pattern: RegExp, entry: string): RegExpExecArray {
  const found = pattern.exec(entry);
  if (found === null)
    throw new KtapeError(`${file}: "${entry}" does not declare a name, a type and a sentence`);
  return found;
}

function drawing(file: string, [name, ...columns]: readonly string[]): Drawing | undefined {
  if (name === undefined) return undefined;
  const shape = SHAPES.find((known) => known === name);
  if (shape === undefined)
    throw new KtapeError(`${file}: no drawing "${name}"; expected ${SHAPES.join(' or ')}`);
  return { shape, columns };
}
