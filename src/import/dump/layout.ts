import type { JsonObject } from '../../kubernetes/json.js';

/** What a file of a dump is. */
type DumpedFile =
  /** Objects, of one kind where the path tells it; of one namespace where it lists all that this has of the kind. */
  | { readonly kind?: Kind; readonly namespace?: string }
  /** Why the tool could not get objects of a kind: errors by namespace, or a list of them. */
  | { readonly errorsOf: Kind }
  /** When the dump was made. */
  | { readonly timestamp: true };

/** A kind by what objects of it that do not say so themselves lack. */
export interface Kind {
  readonly kind: string;
  readonly apiVersion: string;
}

/** How a tool lays out its dumps. */
export interface Layout {
  /** The name of the import as a source of a tape. */
  readonly source: string;
  /** What the tool calls its dump, for messages. */
  readonly name: string;
  /** What a file is by its path in the dump; undefined where it has no objects. */
  readonly fileAt: (path: string) => DumpedFile | undefined;
}

/** Gives an object the kind that its file tells, where it does not say one. */
export function withKind(object: JsonObject, kind: Kind | undefined): JsonObject {
  return kind === undefined || typeof object.kind === 'string'
    ? object
    : { apiVersion: kind.apiVersion, kind: kind.kind, ...object };
}
