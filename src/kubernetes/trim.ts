import { DecodeError } from '../errors.js';
import { isJsonObject, type JsonObject } from './json.js';

/** What can be taken out of an object, by the names that rows carry in `removed`. */
type Removal =
  | 'managed_fields'
  | 'last_applied_configuration'
  | 'env_values'
  | 'commands'
  | 'arguments'
  | 'header_values'
  | 'config_map_data'
  | 'secrets';

/** What may stay although it can hold passwords and tokens. Secrets never stay. */
export interface TrimOptions {
  /** Keep literal values of environment variables and of probes' HTTP headers, commands and arguments. */
  readonly containerDetails?: boolean;
  /** Keep `data` and `binaryData` of ConfigMaps. */
  readonly configMapData?: boolean;
}

export interface Trimmed {
  readonly object: JsonObject;
  /** What was taken out, in alphabetical order. */
  readonly removed: readonly Removal[];
}

const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';
const MAX_DEPTH = 64;

export function isSecret(object: JsonObject): boolean {
  return object.kind === 'Secret' && typeof object.apiVersion === 'string';
}

/**
 * Copies an object without what must not be stored. Rules go by key, wherever it stands, so that pod templates,
 * probes, lifecycle hooks and custom resources that embed containers are all covered. The names of environment
 * variables and `valueFrom` stay. Throws a DecodeError for an object nested deeper than 64 levels.
 */
export function trimObject(object: JsonObject, options: TrimOptions = {}): Trimmed {
  const trimmer = new Trimmer(options);
  const trimmed = trimmer.object(object, 0);
  return { object: trimmed, removed: [...trimmer.removed].sort() };
}

class Trimmer {
  readonly removed = new Set<Removal>();

  constructor(private readonly options: TrimOptions) {}

  object(object: JsonObject, depth: number): JsonObject {
    if (depth > MAX_DEPTH) throw new DecodeError(`nested deeper than ${MAX_DEPTH} levels`);
    const isConfigMap = object.kind === 'ConfigMap' && !this.options.configMapData;
    const kept: [string, unknown][] = [];
    for (const [key, value] of Object.entries(object)) {
      const removal = isConfigMap && isConfigData(key) ? 'config_map_data' : this.removalOf(key, value);
      if (removal === undefined) kept.push([key, this.value(key, value, depth)]);
      else this.removed.add(removal);
    }
    return Object.fromEntries(kept);
  }

  /** Why the whole field goes, if it does. */
  private removalOf(key: string, value: unknown): Removal | undefined {
    if (key === 'managedFields') return 'managed_fields';
    if (key === LAST_APPLIED) return 'last_applied_configuration';
    if (isJsonObject(value) && isSecret(value)) return 'secrets';
    if (this.options.containerDetails || !Array.isArray(value)) return undefined;
    if (key === 'command') return 'commands';
    if (key === 'args') return 'arguments';
    return undefined;
  }

  private value(key: string, value: unknown, depth: number): unknown {
    if (isJsonObject(value)) return this.object(value, depth + 1);
    if (Array.isArray(value)) return this.list(key, value, depth + 1);
    return value;
  }

  private list(key: string, list: readonly unknown[], depth: number): unknown[] {
    if (depth > MAX_DEPTH) throw new DecodeError(`nested deeper than ${MAX_DEPTH} levels`);
    const kept = list.filter((item) => !(isJsonObject(item) && isSecret(item)));
    if (kept.length < list.length) this.removed.add('secrets');
    return kept.map((item) => {
      const named = isJsonObject(item) ? this.withoutValue(key, item) : item;
      return this.value('', named, depth);
    });
  }

  /** An item of `env` or `httpHeaders` keeps its name but not what it is set to. */
  private withoutValue(key: string, item: JsonObject): JsonObject {
    if (this.options.containerDetails || !(key === 'env' || key === 'httpHeaders')) return item;
    if (item.value === undefined || item.value === '') return item;
    this.removed.add(key === 'env' ? 'env_values' : 'header_values');
    const { value: _, ...rest } = item;
    return rest;
  }
}

function isConfigData(key: string): boolean {
  return key === 'data' || key === 'binaryData';
}
