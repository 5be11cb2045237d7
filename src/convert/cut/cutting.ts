import { tableNamed } from '../../schema/tables/index.js';
import { losses } from '../../schema/tables/losses.js';
import type { Segment } from '../../tape/manifest.js';
import { isState } from '../../tape/sql/states.js';
import type { Tape } from '../../tape/tape.js';
import { parseTime } from '../../tape/time.js';
import type { SegmentDatabase } from '../segment_database.js';
import { belongsTo, parentsOf } from './children.js';
import { chooseNamespaces } from './namespaces.js';
import { SegmentCutter } from './segment_cutter.js';
import { stateRows, stateWindow } from './states.js';
import { placeOf, type Window } from './window.js';

/** What of a tape is wanted. */
export interface Wanted extends Window {
  /** Namespaces; none: all of the tape. */
  readonly namespaces: readonly string[];
  /** Tables; none: all of them. */
  readonly tables: readonly string[];
}

/** Cuts one table after the other. */
export class Cutting {
  /** Rows of the window that were left out, by table. */
  readonly leftOut = new Map<string, bigint>();
  private readonly cutter: SegmentCutter;
  private ofNamespaces: Readonly<Record<string, string>> | undefined;

  constructor(
    private readonly tape: Tape,
    directory: string,
    private readonly wanted: Wanted,
    private readonly database: SegmentDatabase,
  ) {
    const started = wanted.since ?? parseTime(tape.manifest.started);
    this.cutter = new SegmentCutter(tape, directory, database, started);
  }

  async tables(): Promise<Record<string, Segment[]>> {
    const { namespaces } = this.wanted;
    if (namespaces.length > 0)
      this.ofNamespaces = await chooseNamespaces(
        this.database,
        this.tape,
        namespaces,
        within('', this.wanted),
      );
    const cut: Record<string, Segment[]> = {};
    for (const [table, segments] of Object.entries(this.tape.manifest.tables))
      cut[table] = isState(table) ? await this.states(table, segments) : await this.rows(table, segments);
    return cut;
  }

  /** The segments whose rows each count by their own time, or by that of the row that they belong to. */
  private async rows(table: string, segments: readonly Segment[]): Promise<Segment[]> {
    const isChild = parentsOf(table).some((parent) => this.tape.manifest.tables[parent] !== undefined);
    const parts = isChild ? await this.childParts(table) : this.parts(table);
    const kept: Segment[] = [];
    for (const segment of segments) {
      const place = isChild || table === losses.name ? 'across' : placeOf(segment, this.wanted);
      if (place === 'outside') continue;
      if (place === 'inside' && parts.chosen === 'true') kept.push(await this.cutter.copy(segment));
      else {
        const { segment: part, leftOut } = await this.cutter.filter(table, segment, parts);
        this.count(table, leftOut);
        if (part !== undefined) kept.push(part);
      }
    }
    return kept;
  }

  /** Of a node's states one segment for all that are not wholly of the window. */
  private async states(table: string, segments: readonly Segment[]): Promise<Segment[]> {
    const window = stateWindow(this.wanted);
    const chosen = this.chosen(table);
    const kept: Segment[] = [];
    for (const node of new Set(segments.map((segment) => segment.node))) {
      const own = segments.filter((segment) => segment.node === node);
      const inside = own.filter((segment) => placeOf(segment, window) === 'inside' && chosen === 'true');
      for (const segment of inside) kept.push(await this.cutter.copy(segment));
      const others = own.filter((segment) => !inside.includes(segment) && !isAfter(segment, window));
      const select = (condition: string) => (files: readonly string[]) =>
        stateRows(table, window, condition, files);
      const { segment: part, leftOut } = await this.cutter.combine(table, others, {
        within: select('true'),
        chosen: select(chosen),
      });
      this.count(table, leftOut);
      if (part !== undefined) kept.push(part);
    }
    return kept;
  }

  private parts(table: string): { within: string; chosen: string } {
    return { within: within(table, this.wanted), chosen: this.chosen(table) };
  }

  private async childParts(table: string): Promise<{ within: string; chosen: string }> {
    const parts = (parent: string) => this.parts(parent);
    const [inWindow, ofChosen] = await belongsTo(this.database, this.tape, table, parts);
    return { within: inWindow, chosen: this.isWanted(table) ? ofChosen : 'false' };
  }

  /** The condition that a row is of what is wanted, whatever its time. */
  private chosen(table: string): string {
    if (!this.isWanted(table)) return 'false';
    return this.ofNamespaces?.[table] ?? 'true';
  }

  /** What the recording lacks is told in every part of it. */
  private isWanted(table: string): boolean {
    const { tables } = this.wanted;
    return tables.length === 0 || tables.includes(table) || tableNamed(table)?.source === 'recorder';
  }

  private count(table: string, rows: bigint): void {
    if (rows > 0n) this.leftOut.set(table, (this.leftOut.get(table) ?? 0n) + rows);
  }
}

/** The condition that a row is in the window; a loss is as far as it reaches into it. */
function within(table: string, { since, until }: Window): string {
  const last = table === losses.name ? '"until"' : 'time';
  return [
    ...(since === undefined ? [] : [`epoch_ns(${last}) >= ${since}`]),
    ...(until === undefined ? [] : [`epoch_ns(time) < ${until}`]),
    'true',
  ].join(' AND ');
}

function isAfter(segment: Segment, { until }: Window): boolean {
  return until !== undefined && parseTime(segment.first_time) >= until;
}
