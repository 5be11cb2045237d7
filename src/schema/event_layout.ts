import { KtapeError } from '../errors.js';
import { arrayOf, type CType, type Layout, layOut, u8, u16, u32, u64 } from './c_layout.js';
import type { Wire } from './semantic_type.js';
import type { Table } from './table.js';

/** The C type of each kind of value. IPv4 addresses travel as IPv4-mapped IPv6. */
const C_TYPES: Record<Wire, CType> = {
  boot_ns: u64,
  u16,
  u32,
  u64,
  ip: arrayOf(u32, 4),
  ip_protocol: u8,
  tcp_flags: u8,
  drop_reason: u32,
  kernel_address: u64,
  interface_name: arrayOf({ name: 'char', width: 1 }, 16),
};

/** What every event begins with. `present` has a bit for each nullable column that holds a value. */
export const EVENT_HEADER = layOut({ table: u32, present: u32 });

/** A column that probes send. */
interface EventColumn {
  readonly name: string;
  readonly wire: Wire;
  readonly offset: number;
  /** Its bit in the header's `present`; 0 for a column that every row fills. */
  readonly presentBit: number;
}

/** The fixed struct in which probes send rows of one table. */
export interface EventLayout {
  readonly table: Table;
  /** The table's number on the wire. */
  readonly number: number;
  readonly columns: readonly EventColumn[];
  readonly struct: Layout;
}

/** The layouts of all tables that probes fill: the header for C and the decoder are both made of these. */
export function eventLayouts(tables: readonly Table[]): EventLayout[] {
  return tables.filter((table) => table.source === 'kernel').map((table, i) => eventLayout(table, i + 1));
}

function eventLayout(table: Table, number: number): EventLayout {
  const sent = Object.entries(table.columns).flatMap(([name, { type, nullable }]) =>
    type.wire === undefined ? [] : [{ name, wire: type.wire, nullable }],
  );
  const fields = Object.fromEntries(sent.map(({ name, wire }) => [name, C_TYPES[wire]]));
  const struct = layOut(fields, EVENT_HEADER.bytes);
  let bits = 0;
  const columns = sent.map(({ name, wire, nullable }) => ({
    name,
    wire,
    offset: struct.offsets[name] ?? 0,
    presentBit: nullable ? 1 << bits++ : 0,
  }));
  if (bits > 31) throw new KtapeError(`table ${table.name}: ${bits} nullable columns; probes can send 31`);
  return { table, number, columns, struct };
}
