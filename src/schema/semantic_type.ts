/** How a value is laid out in memory and in Parquet. One column class of src/tape/columns serves each. */
export type Physical =
  | 'timestamp'
  | 'int64'
  | 'uint64'
  | 'int32'
  | 'uint32'
  | 'float64'
  | 'bool'
  | 'text'
  | 'attributes'
  | 'uint64_list'
  | 'float64_list'
  | 'text_list';

/**
 * How a value crosses from the kernel: one C field each (see c_header.ts), one decoder each
 * (capture/probes/decode.ts).
 */
export type Wire =
  | 'boot_ns'
  | 'u16'
  | 'u32'
  | 'u64'
  | 'ip'
  | 'ip_protocol'
  | 'tcp_flags'
  | 'drop_reason'
  | 'kernel_address'
  | 'interface_name';

/** What sharing a tape does to a value: see the reasons beside each semantic type. */
export type Redaction = 'keep' | 'pseudonym' | 'address' | 'text' | 'drop';

/** What a column means, stated once: everything else about the column derives from it. */
export interface SemanticType<P extends Physical = Physical> {
  readonly physical: P;
  /** The SQL type as DuckDB shows it. */
  readonly sql: string;
  readonly redaction: Redaction;
  /** Why that redaction class is right: one sentence. */
  readonly because: string;
  /** Present where probes send the value. */
  readonly wire?: Wire;
}

const SQL: Record<Physical, string> = {
  timestamp: 'TIMESTAMP_NS',
  int64: 'BIGINT',
  uint64: 'UBIGINT',
  int32: 'INTEGER',
  uint32: 'UINTEGER',
  float64: 'DOUBLE',
  bool: 'BOOLEAN',
  text: 'VARCHAR',
  attributes: 'MAP(VARCHAR, VARCHAR)',
  uint64_list: 'UBIGINT[]',
  float64_list: 'DOUBLE[]',
  text_list: 'VARCHAR[]',
};

/** Builds a semantic type; `wire` only where a probe sends the value. */
export function semantic<const P extends Physical>(
  physical: P,
  redaction: Redaction,
  because: string,
  wire?: Wire,
): SemanticType<P> {
  const type = { physical, sql: SQL[physical], redaction, because };
  return wire === undefined ? type : { ...type, wire };
}
