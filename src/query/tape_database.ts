import {
  type DuckDBPreparedStatement,
  DuckDBTimestampNanosecondsValue,
  type DuckDBType,
  type DuckDBValue,
} from '@duckdb/node-api';
import { KtapeError } from '../errors.js';
import { ClusterTimeline } from '../policy/history/timeline.js';
import type { DataPlane } from '../policy/rules/data_plane.js';
import { tables } from '../schema/tables/index.js';
import { kubernetesObjects } from '../schema/tables/kubernetes_objects.js';
import type { Tape } from '../tape/tape.js';
import { allRows, boundedRows } from './bounded_rows.js';
import { capturedFiles } from './captured_tables.js';
import type { Cell } from './cell.js';
import { readTimeline } from './cluster_timeline.js';
import { explainFailure, missingTables, notCaptured } from './failure.js';
import { fillPolicyVerdicts } from './policy_verdicts.js';
import { policyVerdicts } from './policy_verdicts_table.js';
import { checkOnlyReads, checkPrepared } from './read_only.js';
import { createRelations } from './relations.js';
import { Sandbox } from './sandbox.js';

/** Column of an answer: name and SQL type. */
interface AnswerColumn {
  readonly name: string;
  readonly type: string;
}

/** An answer whose rows come in batches as DuckDB finds them; the next question ends it. */
export interface Answer {
  readonly columns: readonly AnswerColumn[];
  readonly batches: AsyncIterable<readonly (readonly Cell[])[]>;
}

/** Values of a statement's parameters by name, without the `$`. */
export type Bindings = Readonly<Record<string, DuckDBValue>>;

/** A tape opened for questions in SQL: its captured tables, the views over them, and macros. */
export class TapeDatabase {
  /** The cuts with which policy_verdicts was filled. */
  private filledWith: string | undefined;
  private timeline: ClusterTimeline | undefined;

  private constructor(
    readonly tape: Tape,
    private readonly sandbox: Sandbox,
    /** Tables and views that should be there but cannot be read, and why. */
    private readonly broken: ReadonlyMap<string, Error>,
    private readonly dataPlane: DataPlane | undefined,
  ) {}

  /**
   * @param temporary a directory for what a query cannot hold in memory; the caller removes it.
   * @param dataPlane who enforced the policies; by default Hubble's flows or the policies' kinds tell.
   */
  static async open(tape: Tape, temporary: string, dataPlane?: DataPlane): Promise<TapeDatabase> {
    const captured = await capturedFiles(tape, tables);
    const sandbox = await Sandbox.open([...captured.files.values()].flat(), temporary);
    try {
      const broken = await createRelations(sandbox.connection, captured, tape.manifest.removed);
      return new TapeDatabase(tape, sandbox, broken, dataPlane ?? seenDataPlane(tape));
    } catch (error) {
      sandbox.close();
      throw error;
    }
  }

  /** Runs one statement that reads; every parameter that it names must be bound. */
  async ask(sql: string, bindings: Bindings = {}): Promise<Answer> {
    const { connection } = this.sandbox;
    return this.explaining(async () => {
      const { tables } = await checkOnlyReads(connection, sql);
      if (tables.has(policyVerdicts.name)) await this.fillVerdicts(bindings);
      const statement = await connection.prepare(sql);
      checkPrepared(statement);
      statement.bind(usedBindings(statement, bindings));
      const result = await statement.stream();
      const names = result.deduplicatedColumnNames();
      return {
        columns: names.map((name, i) => ({ name, type: typeName(result.columnType(i)) })),
        batches: this.batches(boundedRows(result)),
      };
    });
  }

  /** Names of the parameters of a statement that reads, without the `$`. */
  async parametersOf(sql: string): Promise<string[]> {
    const { connection } = this.sandbox;
    return this.explaining(async () => {
      await checkOnlyReads(connection, sql);
      return parameterNames(await connection.prepare(sql));
    });
  }

  /** All rows of an answer that is known to be small. */
  async rows(sql: string, bindings: Bindings = {}): Promise<(readonly Cell[])[]> {
    return allRows((await this.ask(sql, bindings)).batches);
  }

  /** The value of one SQL expression. */
  async value(expression: string, bindings: Bindings = {}): Promise<DuckDBValue> {
    const { connection } = this.sandbox;
    return this.explaining(async () => {
      const sql = `SELECT ${expression}`;
      await checkOnlyReads(connection, sql);
      const reader = await connection.runAndReadAll(sql, { ...bindings });
      return reader.getRows()[0]?.[0] ?? null;
    });
  }

  /** The cluster over time. Throws a KtapeError where the tape did not capture it. */
  async clusterTimeline(): Promise<ClusterTimeline> {
    const table = kubernetesObjects.name;
    if (!this.has(table)) throw this.broken.get(table) ?? new KtapeError(notCaptured(table, this.tape));
    return this.explaining(async () => {
      this.timeline ??= await readTimeline(this.sandbox.connection, this.dataPlane);
      return this.timeline;
    });
  }

  /** The cluster by which policy_verdicts judges; undefined where the tape did not capture it. */
  async judgedCluster(): Promise<ClusterTimeline | undefined> {
    return this.has(kubernetesObjects.name) ? this.clusterTimeline() : undefined;
  }

  /** Makes a running question fail soon. */
  interrupt(): void {
    this.sandbox.interrupt();
  }

  close(): void {
    this.sandbox.close();
  }

  private async *batches(rows: AsyncIterable<Cell[][]>): AsyncIterable<Cell[][]> {
    try {
      yield* rows;
    } catch (error) {
      throw explainFailure(error, this.tape, this.broken);
    }
  }

  private async explaining<R>(work: () => Promise<R>): Promise<R> {
    try {
      return await work();
    } catch (error) {
      throw explainFailure(error, this.tape, this.broken);
    }
  }

  /** Whether the tape captured the table and it can be read. */
  private has(table: string): boolean {
    return this.tape.manifest.tables[table] !== undefined && !this.broken.has(table);
  }

  private async fillVerdicts({ since, until }: Bindings): Promise<void> {
    if (missingTables(policyVerdicts.name, this.tape).length > 0 || this.broken.has(policyVerdicts.name))
      return;
    const cuts = [since, until].flatMap((bound) =>
      bound instanceof DuckDBTimestampNanosecondsValue ? bound.nanos : [],
    );
    if (this.filledWith === cuts.join()) return;
    this.filledWith = cuts.join();
    const timeline = (await this.judgedCluster()) ?? new ClusterTimeline([]);
    await fillPolicyVerdicts(this.sandbox.connection, timeline, (table) => this.has(table), cuts);
  }
}

/** Hubble is Cilium's own: what it saw was judged by Cilium, whatever the kinds of the policies. */
function seenDataPlane({ manifest: { sources } }: Tape): DataPlane | undefined {
  return sources.some(({ name }) => name === 'import hubble') ? 'cilium' : undefined;
}

/** The bindings that the statement has parameters for: DuckDB refuses others. */
function usedBindings(statement: DuckDBPreparedStatement, bindings: Bindings): Record<string, DuckDBValue> {
  const names = parameterNames(statement);
  const missing = names.filter((name) => bindings[name] === undefined);
  if (missing.length > 0) {
    throw new KtapeError(`the statement has the parameter $${missing[0]} and no value for it`);
  }
  return Object.fromEntries(names.map((name) => [name, bindings[name] ?? null]));
}

function parameterNames(statement: DuckDBPreparedStatement): string[] {
  return Array.from({ length: statement.parameterCount }, (_, i) => statement.parameterName(i + 1));
}

function typeName(type: DuckDBType): string {
  return type.alias ?? type.toString();
}
