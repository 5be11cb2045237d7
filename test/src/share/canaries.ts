import { join } from 'node:path';
import { WATCHED_KINDS } from '../../../src/kubernetes/kinds.js';
import type { SemanticType } from '../../../src/schema/semantic_type.js';
import type { Table } from '../../../src/schema/table.js';
import { tables } from '../../../src/schema/tables/index.js';
import { T } from '../../../src/schema/types.js';
import { TapeWriter } from '../../../src/tape/writer.js';
import { type TinyRow, tinyBatches, tinyTime } from '../../tiny_tape.js';
import type { Canaries } from './canary.js';
import { canaryObject } from './canary_objects.js';

const NODES = 4;
const ROWS = 4;
const OBJECTS_OF_A_KIND = 2;

/** Values of other meanings, by which columns' canaries are made; every call a new one. */
type Maker = (canaries: Canaries) => string | readonly string[] | readonly (readonly [string, string])[];

/** How a column's own values look; all other texts of a tape are kept for a reason, which `keptColumns` tells. */
const MAKERS: ReadonlyMap<SemanticType, Maker> = new Map<SemanticType, Maker>([
  [T.node, (c) => `ip-${c.word()}.eu-west-1.compute.internal`],
  [T.ip, (c) => c.ip()],
  [T.interface, (c) => `veth${c.word()}`],
  [T.cgroup_path, (c) => `/kubepods.slice/kubepods-pod${c.uuid()}.slice/${c.word()}.service`],
  [T.container_id, (c) => c.hex(64)],
  [T.trace_id, (c) => c.hex(32)],
  [T.span_id, (c) => c.hex(16)],
  [T.service, (c) => `${c.word()}-service`],
  [T.kubernetes_name, (c) => c.name()],
  [T.kubernetes_kind, (c) => `${c.word()}.example.com/v1`],
  [T.policies, (c) => [`NetworkPolicy ${c.word()}/${c.word()}`, `ClusterNetworkPolicy ${c.word()}`]],
  [T.labels, (c) => [`k8s:app=${c.word()}`, `k8s:${c.word()}.io/team=${c.word()}`]],
  [T.uid, (c) => c.uuid()],
  [T.host, (c) => `${c.word()}.${c.word()}.svc.cluster.local`],
  [T.operation, (c) => `POST /${c.word()}/{id}/${c.word()}`],
  [T.url, (c) => `https://${c.word()}.example.com:8443/api/${c.word()}/7?customer=${c.word()}#${c.word()}`],
  [T.statement, (c) => `SELECT ${c.word()} FROM ${c.word()} WHERE mail = '${c.word()}@example.com'`],
  [T.trace_state, (c) => `${c.word()}@${c.word()}=s:${c.word()},${c.word()}=${c.word()}`],
  [T.message, message],
  [
    T.loss_detail,
    (c) => `connect https://${c.word()}.example.com:6443: open /srv/${c.word()}/token: ${message(c)}`,
  ],
  [T.log_body, logBody],
  [T.entity_refs, (c) => JSON.stringify([{ type: 'host', idKeys: [`${c.word()}.id`] }])],
  [T.enumeration, (c) => c.word().toUpperCase()],
  [T.schema_url, (c) => `https://${c.word()}.example.com/schemas/1.2.0`],
  [T.attribute_types, (c) => c.word()],
  [T.drop_reason, (c) => c.word().toUpperCase()],
  [T.ip_protocol, (c) => c.word().toUpperCase()],
  [T.tcp_flags, (c) => c.word().toUpperCase()],
  [T.kernel_location, (c) => c.word()],
  [T.attributes, attributes],
]);

/** Free text: secrets, ids and addresses are cut wherever they stand, and names that columns hold. */
function message(c: Canaries): string {
  return [
    `dial tcp ${c.ip()}:5432: trace ${c.hex(32)} of user ${c.word()}@example.com in ${c.known}`,
    `AWS_ACCESS_KEY_ID=${c.secret()} password=${c.hex(20)} postgres://app:${c.hex(20)}@db/prod`,
    `{"headers":{"Authorization":"Basic ${c.base64()}","nested":"{\\"token\\":\\"${c.hex(24)}\\"}"}}`,
  ].join('; ');
}

/** A line, or a map that nests others. */
function logBody(c: Canaries): string {
  return c.even() ? message(c) : JSON.stringify({ message: message(c), [c.word()]: nested(c, 3) });
}

/** Of every type, with keys of the sender's own, to a depth of four. */
function attributes(c: Canaries): (readonly [string, string])[] {
  return [
    ['http.route', `/${c.word()}/{id}`],
    ['error.type', c.word()],
    ['server.address', c.ip()],
    [`${c.word()}.customer`, c.word()],
    ['enduser.id', `${c.word()}-${c.uuid()}`],
    ['log.note', `sent to ${c.word()}@example.com`],
    ['http.request.header.cookie', JSON.stringify([`session=${c.hex(40)}`])],
    [c.word(), JSON.stringify(nested(c, 4))],
    ['blob', c.base64()],
  ];
}

function nested(c: Canaries, depth: number): unknown {
  if (depth === 0) return c.word();
  return { [c.word()]: [c.word(), nested(c, depth - 1)], 'http.route': `/${c.word()}` };
}

/** Types of the attributes above, a letter each. */
const ATTRIBUTE_TYPES = 'ssssssamy';

/** Columns with texts that stay as they are, each with the reason. */
export function keptColumns(): ReadonlyMap<string, string> {
  const isKept = (table: Table, type: SemanticType) =>
    !holdsTexts(type) || (table.source === 'kernel' && type.redaction === 'keep' && type.wire !== undefined);
  return new Map(
    tables.flatMap((table) =>
      Object.entries(table.columns)
        .filter(([, { type }]) => isKept(table, type))
        .map(([name, { type }]) => [`${table.name}.${name}`, type.because]),
    ),
  );
}

function holdsTexts({ physical }: SemanticType): boolean {
  return physical === 'text' || physical === 'text_list' || physical === 'attributes';
}

/** Writes a tape full of canaries by the recorder's own writer; returns its path. */
export async function plant(directory: string, canaries: Canaries): Promise<string> {
  const tape = join(directory, 'canaries.tape');
  const nodes = Array.from({ length: NODES }, () =>
    canaries.at('tape.json nodes, file names', () => nodeName(canaries)),
  );
  const writer = await TapeWriter.create(tape, {
    tool: 'ktape test',
    started: tinyTime('10:00:00'),
    nodes: nodes.map((name) => ({ name, kernel: '6.1.0', architecture: 'x64', boot_time: null })),
  });
  const detail = canaries.at(
    'tape.json sources',
    () => `http://${canaries.word()}.example.com:6443, ${canaries.ip()}`,
  );
  await writer.describe(
    [{ name: 'kubernetes', state: 'recorded', detail }],
    tables.map(({ name }) => name),
  );
  for (const node of nodes) {
    const rows = tables.map((table) => [table.name, rowsOf(table, canaries)] as const);
    await writer.seal(tinyBatches(Object.fromEntries(rows), node));
  }
  await writer.complete(tinyTime('10:01:00'));
  return tape;
}

function nodeName(c: Canaries): string {
  return `ip-${c.word()}.eu-west-1.compute.internal`;
}

function rowsOf(table: Table, canaries: Canaries): TinyRow[] {
  if (table.name === 'kubernetes_objects') return objectRows(table, canaries);
  return Array.from({ length: ROWS }, (_, row) => rowOf(table, canaries, row));
}

/** A row of canaries, but for the values that are given. */
function rowOf(table: Table, canaries: Canaries, row: number, given: TinyRow = {}): TinyRow {
  const kept = keptColumns();
  const values: Record<string, TinyRow[string]> = { ...given };
  // Types fit their attributes in all rows but the last, which has none.
  const isOdd = row === ROWS - 1;
  for (const [name, { type }] of Object.entries(table.columns)) {
    const where = `${table.name}.${name}`;
    const make = MAKERS.get(type);
    if (type.physical === 'timestamp') values[name] = '10:00:01';
    if (kept.has(where) || name === 'node' || make === undefined || Object.hasOwn(given, name)) continue;
    if (type === T.attributes && isOdd) values[name] = [];
    else if (type === T.attribute_types && !isOdd) values[name] = typesFor(name, values);
    else values[name] = canaries.at(where, () => make(canaries));
  }
  return values;
}

function typesFor(column: string, { body }: TinyRow): string {
  if (column !== 'body_type') return ATTRIBUTE_TYPES;
  return String(body).startsWith('{') ? 'm' : 's';
}

function objectRows(table: Table, canaries: Canaries): TinyRow[] {
  const watched = WATCHED_KINDS.flatMap((kind) => Array.from({ length: OBJECTS_OF_A_KIND }, () => kind));
  const rows = watched.map(({ kind, apiVersion, namespaced }) => {
    const where = `kubernetes_objects.object ${apiVersion} ${kind}`;
    const json = canaries.at(where, () =>
      JSON.stringify(canaryObject(kind, apiVersion, namespaced, canaries)),
    );
    return rowOf(table, canaries, 0, { kind, api_version: apiVersion, object: json });
  });
  return [...rows, rowOf(table, canaries, 0)];
}
