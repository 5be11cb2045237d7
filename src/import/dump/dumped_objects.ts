import { parse } from 'yaml';
import { isJsonObject, type JsonObject } from '../../kubernetes/json.js';
import { kindName } from '../../kubernetes/kinds.js';
import { readManifests } from '../../kubernetes/manifests.js';
import { type KubernetesObjectRow, observe } from '../../kubernetes/observation.js';
import { type Kind, withKind } from './layout.js';

/** The file that objects are in, and what its path tells. */
export interface FoundIn {
  readonly where: string;
  readonly kind?: Kind | undefined;
  readonly namespace?: string | undefined;
}

/** A kind that a dump does not have of all namespaces. */
export interface PartOfKind {
  readonly kind: Kind;
  readonly lacking: readonly string[];
}

/** Objects of a dump, each once, and of which kinds it has all that there were. */
export class DumpedObjects {
  readonly problems: string[] = [];
  secrets = 0;
  /** Documents that are no objects. */
  unread = 0;
  /** Kinds of which something could not be read, by name; null stands for any. */
  private readonly broken = new Set<string | null>();
  private readonly rows = new Map<string, KubernetesObjectRow>();
  /** Kinds by name, and the namespaces of which the dump has lists of them. */
  private readonly listed = new Map<string, { readonly kind: Kind; readonly namespaces: Set<string> }>();

  /** Takes up the objects of a file. All are seen at the same time, which is told later. */
  add(text: string, { where, kind, namespace }: FoundIn): void {
    const entries = arrayItems(text) ?? readManifests(text);
    for (const entry of entries) {
      const observed = 'object' in entry ? observe(withKind(entry.object, kind), 'imported', 0n) : entry;
      if ('problem' in observed) {
        this.unread++;
        this.problem(`${where}: ${observed.problem}`, kind);
      } else if ('secret' in observed) this.secrets++;
      else {
        this.keep(observed.row);
        if (namespace !== undefined) this.list(kindOf(observed.row), namespace);
      }
    }
    const listed = kind ?? listKindOf(text);
    // Secrets never enter: that they are not all there is nothing to say.
    if (listed !== undefined && listed.kind !== 'Secret' && namespace !== undefined)
      this.list(listed, namespace);
  }

  /** Takes up that objects of the kind, or of whatever kind, may be missing, and why. */
  problem(message: string, kind: Kind | undefined): void {
    this.problems.push(message);
    this.broken.add(kind === undefined ? null : nameOf(kind));
  }

  /** Every object, as seen at this time. */
  *rowsAt(time: bigint): Generator<KubernetesObjectRow> {
    for (const row of this.rows.values()) yield { ...row, time };
  }

  get size(): number {
    return this.rows.size;
  }

  /**
   * The kinds of which the dump has every object, and those of which it lacks some namespaces. Of a kind of the cluster
   * tools get all or none.
   */
  completeness(): { readonly whole: readonly Kind[]; readonly parts: readonly PartOfKind[] } {
    const objects = [...this.rows.values()];
    const namespaces = objects.filter(({ kind }) => kind === 'Namespace').map(({ name }) => String(name));
    const ofCluster = objects.filter(({ namespace }) => namespace === null).map(kindOf);
    const whole = new Map(ofCluster.map((kind) => [nameOf(kind), kind]));
    const parts: PartOfKind[] = [];
    for (const [name, { kind, namespaces: has }] of this.listed) {
      const lacking = namespaces.filter((namespace) => !has.has(namespace));
      if (namespaces.length > 0 && lacking.length === 0) whole.set(name, kind);
      else parts.push({ kind, lacking });
    }
    const isWhole = (kind: Kind) => !this.broken.has(null) && !this.broken.has(nameOf(kind));
    return { whole: [...whole.values()].filter(isWhole), parts };
  }

  /** An object may be in several files, and as several versions; the newest counts. */
  private keep(row: KubernetesObjectRow): void {
    const key = `${nameOf(kindOf(row))} ${row.namespace ?? ''}/${row.name}`;
    const known = this.rows.get(key);
    if (known === undefined || versionOf(known) < versionOf(row)) this.rows.set(key, row);
  }

  private list(kind: Kind, namespace: string): void {
    const known = this.listed.get(nameOf(kind)) ?? { kind, namespaces: new Set<string>() };
    this.listed.set(nameOf(kind), known);
    known.namespaces.add(namespace);
  }
}

function kindOf({ kind, api_version }: KubernetesObjectRow): Kind {
  return { kind, apiVersion: api_version };
}

function nameOf({ kind, apiVersion }: Kind): string {
  return kindName(apiVersion, kind);
}

function versionOf({ resource_version }: KubernetesObjectRow): bigint {
  return /^\d{1,20}$/.test(resource_version ?? '') ? BigInt(resource_version ?? 0) : -1n;
}

/** The kind that a list is of, which an empty one tells too. */
function listKindOf(text: string): Kind | undefined {
  const [, kind] = /^\s*"?kind"?: "?(\w+)List"?,?$/m.exec(text) ?? [];
  const [, apiVersion] = /^\s*"?apiVersion"?: "?([\w./-]+)"?,?$/m.exec(text) ?? [];
  return kind === undefined || apiVersion === undefined ? undefined : { kind, apiVersion };
}

/** The items of an array, which is no manifest; undefined where the text is none or cannot be read. */
function arrayItems(text: string): readonly { readonly object: JsonObject }[] | undefined {
  if (!/^\s*(?:\[|- )/.test(text)) return undefined;
  try {
    const parsed: unknown = /^\s*\[/.test(text) ? JSON.parse(text) : parse(text, { maxAliasCount: 0 });
    return Array.isArray(parsed) ? parsed.filter(isJsonObject).map((object) => ({ object })) : undefined;
  } catch {
    return undefined;
  }
}
