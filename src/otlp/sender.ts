import type { Columns } from '../schema/table.js';
import { sender } from '../schema/tables/otlp_columns.js';
import type { RowBatch } from '../tape/row_batch.js';
import { appendOptionalText } from './append.js';
import { AttributesDecoder } from './attributes.js';
import {
  EntityRef,
  ExportTraceServiceRequest,
  InstrumentationScope,
  Resource,
  ResourceSpans,
  ScopeSpans,
  tagsOf,
} from './messages.js';
import { ByteRange } from './pending.js';
import type { ProtobufReader } from './protobuf_reader.js';
import { type JsonObject, readNested } from './protobuf_to_json.js';
import { SharedColumns } from './shared_columns.js';

const RESOURCE = tagsOf(Resource);
const SCOPE = tagsOf(InstrumentationScope);
// The envelopes of all three signals have the same numbers: resource or scope 1, what it holds 2, schema URL 3.
const ENVELOPE = tagsOf(ResourceSpans);
const INNER_ENVELOPE = tagsOf(ScopeSpans);
const REQUEST_TAG = tagsOf(ExportTraceServiceRequest).resourceSpans;

const {
  scope_name,
  scope_version,
  scope_attributes,
  scope_attribute_types,
  scope_dropped_attributes_count,
  scope_schema_url,
  ...resourceColumns
} = sender;
const scopeColumns = {
  scope_name,
  scope_version,
  scope_attributes,
  scope_attribute_types,
  scope_dropped_attributes_count,
  scope_schema_url,
};

/** The columns of a table that its own attributes may fill: all but those of the sender. */
export function ownColumns(columns: Columns): Columns {
  return Object.fromEntries(Object.entries(columns).filter(([name]) => !(name in sender)));
}

/** Walks a request of any signal down to its records, and fills the columns that say who sent them. */
export class SenderDecoder {
  private readonly resource: ResourceDecoder;
  private readonly scope: ScopeDecoder;

  /** `record` is called at each span, metric or log record: it is the value of the reader's field. */
  constructor(
    batches: readonly RowBatch[],
    private readonly record: (reader: ProtobufReader) => void,
  ) {
    this.resource = new ResourceDecoder(batches);
    this.scope = new ScopeDecoder(batches);
  }

  /** Decodes a whole request. */
  request(reader: ProtobufReader): void {
    while (reader.nextField()) {
      if (reader.tag === REQUEST_TAG) this.fromResource(reader);
      else reader.skip();
    }
  }

  /** Forgets what was begun, after a request that failed. */
  reset(): void {
    this.resource.reset();
    this.scope.reset();
  }

  private fromResource(reader: ProtobufReader): void {
    reader.size.addGroup();
    const { resource } = this;
    resource.begin();
    const outer = reader.enter();
    while (reader.nextField()) {
      if (reader.tag === ENVELOPE.resource) resource.merge(reader);
      else if (reader.tag === ENVELOPE.scopeSpans) this.fromScope(reader);
      else if (reader.tag === ENVELOPE.schemaUrl) resource.schemaUrl.take(reader);
      else reader.skip();
    }
    reader.leave(outer);
    resource.end(reader);
  }

  private fromScope(reader: ProtobufReader): void {
    reader.size.addGroup();
    const { scope } = this;
    scope.begin();
    const outer = reader.enter();
    while (reader.nextField()) {
      if (reader.tag === INNER_ENVELOPE.scope) scope.merge(reader);
      else if (reader.tag === INNER_ENVELOPE.spans) this.record(reader);
      else if (reader.tag === INNER_ENVELOPE.schemaUrl) scope.schemaUrl.take(reader);
      else reader.skip();
    }
    reader.leave(outer);
    scope.end(reader);
  }
}

/** Fills the columns of the resource. */
class ResourceDecoder {
  readonly schemaUrl = new ByteRange();
  private readonly columns: SharedColumns<typeof resourceColumns>;
  private readonly attributes: AttributesDecoder;
  private dropped = 0;
  private entityRefs: JsonObject[] = [];

  constructor(batches: readonly RowBatch[]) {
    this.columns = new SharedColumns(resourceColumns, batches);
    const { row } = this.columns;
    this.attributes = new AttributesDecoder(
      row.resource_attributes,
      row.resource_attribute_types,
      resourceColumns,
      row,
    );
  }

  begin(): void {
    this.schemaUrl.clear();
    this.dropped = 0;
    this.entityRefs = [];
  }

  /** Reads a Resource; one that is given twice merges, as protobuf demands. */
  merge(reader: ProtobufReader): void {
    const outer = reader.enter();
    while (reader.nextField()) {
      if (reader.tag === RESOURCE.attributes) this.attributes.append(reader);
      else if (reader.tag === RESOURCE.droppedAttributesCount) this.dropped = reader.uint32();
      else if (reader.tag === RESOURCE.entityRefs) this.entityRefs.push(readNested(reader, EntityRef));
      else reader.skip();
    }
    reader.leave(outer);
  }

  end(reader: ProtobufReader): void {
    const { row } = this.columns;
    this.attributes.endRow();
    row.resource_dropped_attributes_count.append(this.dropped);
    appendOptionalText(row.resource_schema_url, reader, this.schemaUrl);
    if (this.entityRefs.length === 0) row.resource_entity_refs.appendNull();
    else row.resource_entity_refs.appendString(JSON.stringify(this.entityRefs));
    this.columns.fill(reader);
  }

  reset(): void {
    this.columns.clear();
    this.attributes.reset();
  }
}

/** Fills the columns of the instrumentation scope. */
class ScopeDecoder {
  readonly schemaUrl = new ByteRange();
  private readonly columns: SharedColumns<typeof scopeColumns>;
  private readonly attributes: AttributesDecoder;
  private readonly name = new ByteRange();
  private readonly version = new ByteRange();
  private dropped = 0;

  constructor(batches: readonly RowBatch[]) {
    this.columns = new SharedColumns(scopeColumns, batches);
    this.attributes = new AttributesDecoder(
      this.columns.row.scope_attributes,
      this.columns.row.scope_attribute_types,
    );
  }

  begin(): void {
    this.schemaUrl.clear();
    this.name.clear();
    this.version.clear();
    this.dropped = 0;
  }

  /** Reads an InstrumentationScope; one that is given twice merges. */
  merge(reader: ProtobufReader): void {
    const outer = reader.enter();
    while (reader.nextField()) {
      if (reader.tag === SCOPE.name) this.name.take(reader);
      else if (reader.tag === SCOPE.version) this.version.take(reader);
      else if (reader.tag === SCOPE.attributes) this.attributes.append(reader);
      else if (reader.tag === SCOPE.droppedAttributesCount) this.dropped = reader.uint32();
      else reader.skip();
    }
    reader.leave(outer);
  }

  end(reader: ProtobufReader): void {
    const { row } = this.columns;
    appendOptionalText(row.scope_name, reader, this.name);
    appendOptionalText(row.scope_version, reader, this.version);
    this.attributes.endRow();
    row.scope_dropped_attributes_count.append(this.dropped);
    appendOptionalText(row.scope_schema_url, reader, this.schemaUrl);
    this.columns.fill(reader);
  }

  reset(): void {
    this.columns.clear();
    this.attributes.reset();
  }
}
