import { rangesText } from '../address_ranges.js';
import type { MatrixEnd } from './ends.js';

/**
 * Names for the ends of a matrix: `shop/web`, with `[Deployment]` where two kinds share the name and `(web-1)` where
 * its other pods have a row of their own; `node n1`; `outside 0.0.0.0/0`.
 */
export function endNames(ends: readonly MatrixEnd[]): (end: MatrixEnd) => string {
  const kinds = new Map<string, Set<string>>();
  for (const end of ends) {
    if (end.kind !== 'workload') continue;
    const path = `${end.namespace}/${end.name}`;
    kinds.set(path, (kinds.get(path) ?? new Set()).add(end.workloadKind));
  }
  return (end) => {
    if (end.kind === 'outside') return `outside ${rangesText(end.ranges)}`;
    if (end.kind === 'nodes') return `${end.nodes.length === 1 ? 'node' : 'nodes'} ${end.nodes.join(', ')}`;
    const path = `${end.namespace}/${end.name}`;
    const kind = (kinds.get(path)?.size ?? 0) > 1 ? `[${end.workloadKind}]` : '';
    return `${path}${kind}${end.variant === '' ? '' : ` (${end.variant})`}`;
  };
}
