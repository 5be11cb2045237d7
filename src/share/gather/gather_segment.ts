import type { SemanticType } from '../../schema/semantic_type.js';
import type { Table } from '../../schema/table.js';
import { T } from '../../schema/types.js';
import { readTextChunks } from '../../tape/parquet/read/texts.js';
import { gatherObject } from '../objects/gather_object.js';
import type { Rules } from '../rules.js';
import { gatherAttributes } from './gather_attributes.js';
import type { Gathered } from './gathered.js';

/** Takes what is to be known from a text. */
type Take = (text: string, to: Gathered) => void;

const takeName: Take = (text, { vocabulary }) => vocabulary.add(text);

/** What is gathered from columns of a meaning; attributes are another matter. */
const TAKEN = new Map<SemanticType, Take>([
  [T.node, takeName],
  [T.service, takeName],
  [T.kubernetes_name, takeName],
  [T.host, takeName],
  // `Kind namespace/name`
  [T.policies, (text, { vocabulary }) => vocabulary.addAll(text.split(/[ /]/).slice(1))],
  // `k8s:app=web`
  [T.labels, (text, { vocabulary }) => vocabulary.add(text.slice(text.indexOf('=') + 1))],
  [T.kubernetes_object, (text, { vocabulary, facts }) => gatherObject(text, vocabulary, facts)],
]);

/**
 * Gathers the names that a segment's columns and objects hold, and facts on the cluster; not its node, which the
 * manifest has. Texts of a dictionary count though no row has them: who wrote them knew them.
 * @throws InvalidFileError naming the file, the column and what is wrong with it
 */
export function gatherSegment(
  bytes: Uint8Array,
  table: Table,
  file: string,
  to: Gathered,
  rules: Rules,
): void {
  const takes = new Map(
    Object.entries(table.columns)
      .filter(([name, { type }]) => name !== 'node' && (TAKEN.has(type) || type === T.attributes))
      .map(([name, { type }]) => [name, TAKEN.get(type)]),
  );
  readTextChunks(bytes, table, file, [...takes.keys()], (name, [texts, values]) => {
    // Tapes of older versions lack columns of newer ones.
    if (texts === undefined) return;
    const take = takes.get(name);
    if (values !== undefined) gatherAttributes(texts, values, to, rules);
    else if (take !== undefined)
      for (let text = 0; text < texts.pool.count; text++) take(texts.pool.string(text), to);
  });
}
