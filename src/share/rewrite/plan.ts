import type { Redaction, SemanticType } from '../../schema/semantic_type.js';
import type { Column, Table } from '../../schema/table.js';
import { T } from '../../schema/types.js';
import type { Rules } from '../rules.js';

/** What is done to the values of a column. */
export type Treatment =
  | 'as it is'
  | 'dropped'
  | 'published'
  | 'name'
  | 'id'
  | 'address'
  | 'interfaces'
  | 'text'
  | 'body'
  | 'detail'
  | 'url'
  | 'statement'
  | 'operation'
  | 'label'
  | 'trace state'
  | 'cgroup path'
  | 'attributes'
  | 'value types'
  | 'entities'
  | 'object';

/** Meanings whose values are not simply a name, an address, or text. */
const SPECIAL = new Map<SemanticType, Treatment>([
  [T.trace_id, 'id'],
  [T.span_id, 'id'],
  [T.interface, 'interfaces'],
  [T.log_body, 'body'],
  [T.loss_detail, 'detail'],
  [T.cgroup_path, 'cgroup path'],
  [T.labels, 'label'],
  [T.operation, 'operation'],
  [T.trace_state, 'trace state'],
  [T.url, 'url'],
  [T.statement, 'statement'],
  [T.attributes, 'attributes'],
  [T.attribute_types, 'value types'],
  [T.entity_refs, 'entities'],
  [T.kubernetes_object, 'object'],
]);

const BY_CLASS: Readonly<Record<Redaction, Treatment>> = {
  keep: 'published',
  pseudonym: 'name',
  address: 'address',
  text: 'text',
  drop: 'dropped',
};

/** What becomes of one column. */
export interface PlannedColumn {
  readonly redaction: Redaction;
  readonly treatment: Treatment;
}

/** What becomes of a table's column, by its semantic type and by the rules. */
export function plannedColumn(table: Table, name: string, column: Column, rules: Rules): PlannedColumn {
  const { type } = column;
  const redaction = rules.columns.get(`${table.name}.${name}`) ?? ruleOfAttribute(column, rules);
  if (redaction === undefined || redaction === type.redaction) {
    return { redaction: type.redaction, treatment: treatmentOf(table, type) };
  }
  return { redaction, treatment: redaction === 'keep' ? 'as it is' : BY_CLASS[redaction] };
}

/** A column that an attribute fills is what the rules say of the attribute; a number stays one, or is dropped. */
function ruleOfAttribute({ type, from, nullable }: Column, rules: Rules): Redaction | undefined {
  const redaction = from.map((key) => rules.attributes.get(key)).find((each) => each !== undefined);
  const isPossible = redaction === 'drop' ? nullable : type.physical === 'text';
  return isPossible ? redaction : undefined;
}

function treatmentOf(table: Table, type: SemanticType): Treatment {
  const special = SPECIAL.get(type);
  if (special !== undefined) return special;
  if (type.redaction !== 'keep') return BY_CLASS[type.redaction];
  const holdsText = type.physical === 'text' || type.physical === 'text_list';
  // What a probe sent is the kernel's own word; a file that was imported may say anything in such a column.
  const isKernels = type.wire !== undefined && table.source === 'kernel';
  return holdsText && !isKernels ? 'published' : 'as it is';
}
