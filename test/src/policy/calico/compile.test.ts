import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compileCalicoPolicy, compileGlobalPolicy } from '../../../../src/policy/calico/network_policy.js';
import { compileNetworkSet } from '../../../../src/policy/calico/network_set.js';
import { objectOf } from '../cluster.js';
import { calicoPolicy, globalPolicy } from './calico_objects.js';

test('objects that say no namespace are of the namespace default', () => {
  const metadata = 'apiVersion: projectcalico.org/v3, metadata: {name: x}';
  const [policy] = compileCalicoPolicy(objectOf(`{kind: NetworkPolicy, ${metadata}}`));
  assert.equal(policy?.namespace, 'default');
  assert.equal(
    compileNetworkSet('NetworkSet', objectOf(`{kind: NetworkSet, ${metadata}}`)).namespace,
    'default',
  );
});

test('whom a policy is about, in words', () => {
  const [own] = compileCalicoPolicy(objectOf(calicoPolicy('p', `selector: "!has(owner)"`)));
  assert.equal(own?.selects.text, 'pods !(has(owner)) of namespace shop');
  const [global] = compileGlobalPolicy(
    objectOf(globalPolicy('p', `namespaceSelector: team == 'a', serviceAccountSelector: has(role)`)),
  );
  assert.equal(
    global?.selects.text,
    'every pod of namespaces team == "a" whose service account fits has(role)',
  );
});
