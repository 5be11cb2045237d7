import { totalmem } from 'node:os';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { sqlList } from '../tape/sql/literals.js';

/** Part of the machine's memory that a query may use before it goes to disk. */
const MEMORY_SHARE = 0.5;

/** What it may then put there, in MiB: a hostile tape must not fill the disk. */
const MAX_DISK = 10 * 1024;

/** What queries may use, in MiB; one that needs more fails. */
interface QueryLimits {
  readonly memory: number;
  /** In the temporary directory. */
  readonly disk: number;
}

/** DuckDB in memory that reaches the given files and a temporary directory, and nothing else. */
export class Sandbox {
  private closed = false;

  private constructor(
    readonly connection: DuckDBConnection,
    private readonly instance: DuckDBInstance,
  ) {}

  /**
   * `files` are absolute paths, `temporary` a directory for what does not fit in memory. The configuration
   * is locked, so that no statement can widen it.
   */
  static async open(
    files: readonly string[],
    temporary: string,
    limits: QueryLimits = usualLimits(),
  ): Promise<Sandbox> {
    const options = {
      memory_limit: `${limits.memory}MiB`,
      temp_directory: temporary,
      max_temp_directory_size: `${limits.disk}MiB`,
    };
    const { connection, instance } = await openLocked(options, { allowed_paths: files });
    return new Sandbox(connection, instance);
  }

  /** Makes a running statement fail soon; nothing once it is closed. */
  interrupt(): void {
    if (!this.closed) this.connection.interrupt();
  }

  /** Ends it, also in the middle of a query. */
  close(): void {
    this.interrupt();
    this.closed = true;
    this.connection.closeSync();
    this.instance.closeSync();
  }
}

function usualLimits(): QueryLimits {
  return { memory: Math.floor((memoryBytes() * MEMORY_SHARE) / 2 ** 20), disk: MAX_DISK };
}

/** The machine's memory, or what this process may have of it. */
function memoryBytes(): number {
  const allowed = process.constrainedMemory();
  return allowed > 0 ? Math.min(allowed, totalmem()) : totalmem();
}

/**
 * DuckDB in memory with these options, which loads no extensions and reaches nothing but what is given; no statement can
 * widen that.
 */
export async function openLocked(
  options: Readonly<Record<string, string>>,
  reach: { readonly allowed_paths: readonly string[] } | { readonly allowed_directories: readonly string[] },
): Promise<{ connection: DuckDBConnection; instance: DuckDBInstance }> {
  const instance = await DuckDBInstance.create(':memory:', {
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
    ...options,
  });
  const connection = await instance.connect();
  await connection.run(`SET TimeZone = 'UTC'`);
  for (const [setting, paths] of Object.entries(reach)) {
    await connection.run(`SET ${setting} = ${sqlList(paths)}`);
  }
  await connection.run('SET enable_external_access = false');
  await connection.run('SET lock_configuration = true');
  return { connection, instance };
}
