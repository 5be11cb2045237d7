import type { Table } from '../schema/table.js';
import { tables } from '../schema/tables/index.js';
import { policyVerdicts } from './policy_verdicts_table.js';
import type { Relation } from './relation.js';
import { views } from './views.js';

/** Everything that a question can read from, in the order in which people read it. */
export function relations(): Relation[] {
  return [...tables.map(tableRelation), policyVerdicts, ...views()];
}

/** The tables of the tape that these tables and views come from. */
export function baseTables(names: readonly string[]): string[] {
  const all = relations();
  const expand = (name: string): string[] => {
    const { needs = [], orElse = [] } = all.find((relation) => relation.name === name) ?? {};
    return needs.length === 0 ? [name] : [...needs, ...orElse].flatMap(expand);
  };
  return [...new Set(names.flatMap(expand))];
}

function tableRelation({ name, doc, columns }: Table): Relation {
  return {
    name,
    title: doc,
    needs: [],
    columns: Object.entries(columns).map(([name, { type, doc }]) => ({ name, type: type.sql, doc })),
  };
}
