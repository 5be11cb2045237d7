import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ClusterTimeline } from '../../../../src/policy/history/timeline.js';
import { ask, marks, rowsOf, SHOP } from '../cluster.js';
import { globalPolicy } from './calico_objects.js';

/** The shop under a policy, where objects of one kind were never listed. */
function without(kind: string, policy: string) {
  const known = marks().filter((row) => row.kind !== `${kind}List`);
  return new ClusterTimeline([...rowsOf(SHOP), ...rowsOf(policy), ...known]).at(0n);
}

for (const kind of ['NetworkSet', 'GlobalNetworkSet']) {
  test(`an address may be in a ${kind} that was not recorded, a pod is judged by its labels`, () => {
    const rule = `{action: Allow, source: {selector: role == 'x'}}`;
    const state = without(kind, globalPolicy('p', `selector: app == 'db', ingress: [${rule}]`));
    assert.equal(
      ask(state, '203.0.113.9 > shop/db TCP 80'),
      `unknown\ningress: GlobalNetworkPolicy p unknown: ingress rule 0 may allow it: Calico ${kind} objects were not recorded`,
    );
    assert.match(ask(state, 'shop/web > shop/db TCP 80'), /^denied/);
  });
}
