import { hit } from './branches.js';
import type { Labels } from './metadata.js';

const TOKEN =
  /\s*(?:(has|all|global)\(\s*([\w./-]*)\s*\)|(&&|\|\||==|!=|[!(){},])|"([^"]*)"|'([^']*)'|([\w./-]+))/gy;

/** Put before the names of labels of namespaces and of service accounts, among those of a pod. */
export const NAMESPACES = 'pcns.';
export const SERVICE_ACCOUNTS = 'pcsa.';

/**
 * Judges labels by an expression of Calico's selector language while reading it; an empty one holds for all.
 * `prefix` is put before every name in it.
 * Source: projectcalico/api, pkg/apis/projectcalico/v3/networkpolicy.go; libcalico-go/lib/selector.
 */
export function selectorHolds(expression: string, labels: Labels, prefix = ''): boolean {
  const tokens = [...expression.matchAll(TOKEN)];
  let next = 0;

  function either(): boolean {
    let holds = both();
    while (tokens[next]?.[3] === '||') {
      next++;
      holds = hit('selector: ||', both()) || holds;
    }
    return holds;
  }

  function both(): boolean {
    let holds = term();
    while (tokens[next]?.[3] === '&&') {
      next++;
      holds = hit('selector: &&', term()) && holds;
    }
    return holds;
  }

  function term(): boolean {
    const [, call, argument = '', sign, , , name = ''] = tokens[next++] ?? [];
    if (sign === '!') return hit('selector: !', !term());
    if (sign === '(') {
      const holds = either();
      next++;
      return hit('selector: parentheses', holds);
    }
    if (call === 'all' && prefix === NAMESPACES)
      return hit('selector: all() namespaces', 'projectcalico.org/namespace' in labels);
    if (call === 'all') return hit('selector: all()', true);
    if (call === 'global') return hit('selector: global()', !('projectcalico.org/namespace' in labels));
    if (call === 'has') return hit('selector: has()', `${prefix}${argument}` in labels);
    return comparison(labels[`${prefix}${name}`]);
  }

  function comparison(value: string | undefined): boolean {
    const [, , , sign, , , word] = tokens[next++] ?? [];
    if (word === 'starts' || word === 'ends' || word === 'not') next++;
    if (word === 'in' || word === 'not') {
      const values = set();
      const isIn = value !== undefined && values.includes(value);
      return word === 'in' ? hit('selector: in', isIn) : hit('selector: not in', !isIn);
    }
    const wanted = text();
    if (sign === '==') return hit('selector: ==', value === wanted);
    if (sign === '!=') return hit('selector: !=', value !== wanted);
    if (value === undefined) return hit('selector: no such label', false);
    if (word === 'contains') return hit('selector: contains', value.includes(wanted));
    if (word === 'starts') return hit('selector: starts with', value.startsWith(wanted));
    return hit('selector: ends with', value.endsWith(wanted));
  }

  function text(): string {
    const token = tokens[next++];
    return token?.[4] ?? token?.[5] ?? '';
  }

  function set(): string[] {
    const values: string[] = [];
    next++;
    while (tokens[next]?.[3] !== '}') {
      if (tokens[next]?.[3] === ',') next++;
      else values.push(text());
    }
    next++;
    return values;
  }

  return tokens.length === 0 ? hit('selector: empty', true) : either();
}
