import type { Signal } from '../../otlp/signal.js';
import {
  type Belonging,
  type Json,
  logOf,
  metricOf,
  pointOf,
  type Row,
  resourceOf,
  scopeOf,
  spanOf,
} from './records.js';

/** What OTLP calls the parts of a request of each signal. */
const PARTS = {
  traces: { resources: 'resourceSpans', scopes: 'scopeSpans', records: 'spans' },
  logs: { resources: 'resourceLogs', scopes: 'scopeLogs', records: 'logRecords' },
  metrics: { resources: 'resourceMetrics', scopes: 'scopeMetrics', records: 'metrics' },
} as const;

/** Rows that belong to those of a request. */
export interface BelongingTo {
  readonly events: Belonging;
  readonly links: Belonging;
  readonly exemplars: Belonging;
}

/** The request of these rows: records side by side that have the same resource and scope, points of one metric in it. */
export function requestOf(signal: Signal, table: string, rows: readonly Row[], belonging: BelongingTo): Json {
  const grouping = new Grouping();
  for (const row of rows) {
    const scope = grouping.scopeOf(row);
    if (signal === 'traces') scope.records.push(spanOf(row, belonging.events, belonging.links));
    else if (signal === 'logs') scope.records.push(logOf(row));
    else addPoint(scope, table, row, belonging.exemplars);
  }
  return grouping.json(PARTS[signal]);
}

interface ScopeGroup {
  readonly head: Json;
  readonly records: Json[];
  /** The list of points of each metric, by what is said of it. */
  readonly points: Map<string, Json[]>;
}

interface ResourceGroup {
  readonly head: Json;
  readonly scopes: Map<string, ScopeGroup>;
}

function addPoint(scope: ScopeGroup, table: string, row: Row, exemplars: Belonging): void {
  const { metric, kind, aggregation } = metricOf(table, row);
  const key = JSON.stringify([metric, kind, aggregation]);
  let points = scope.points.get(key);
  if (points === undefined) {
    points = [];
    scope.points.set(key, points);
    scope.records.push({ ...metric, [kind]: { ...aggregation, dataPoints: points } });
  }
  points.push(pointOf(table, row, exemplars));
}

class Grouping {
  private readonly resources = new Map<string, ResourceGroup>();

  scopeOf(row: Row): ScopeGroup {
    const resourceKey = keyOf(row, 'resource_');
    let resource = this.resources.get(resourceKey);
    if (resource === undefined) {
      resource = { head: resourceOf(row), scopes: new Map() };
      this.resources.set(resourceKey, resource);
    }
    const scopeKey = keyOf(row, 'scope_');
    let scope = resource.scopes.get(scopeKey);
    if (scope === undefined) {
      scope = { head: scopeOf(row), records: [], points: new Map() };
      resource.scopes.set(scopeKey, scope);
    }
    return scope;
  }

  json({ resources, scopes, records }: (typeof PARTS)[Signal]): Json {
    const groups = [...this.resources.values()].map((resource) => ({
      ...resource.head,
      [scopes]: [...resource.scopes.values()].map((scope) => ({ ...scope.head, [records]: scope.records })),
    }));
    return { [resources]: groups };
  }
}

/** All that a row says of its resource or scope. */
function keyOf(row: Row, prefix: 'resource_' | 'scope_'): string {
  return JSON.stringify(Object.entries(row).filter(([name]) => name.startsWith(prefix)));
}
