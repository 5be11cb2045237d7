import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compileCalicoPolicy, compileGlobalPolicy } from '../../../../src/policy/calico/network_policy.js';
import { compileNetworkSet } from '../../../../src/policy/calico/network_set.js';
import { compileProfile } from '../../../../src/policy/calico/profile.js';
import { objectOf } from '../cluster.js';
import { calicoPolicy, clusterObject, globalPolicy } from './calico_objects.js';

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

test('what a rule asks of ICMP, in words', () => {
  const textOf = (rule: string) => {
    const [policy] = compileCalicoPolicy(objectOf(calicoPolicy('p', `ingress: [{action: Allow, ${rule}}]`)));
    return policy?.sections.ingress?.rules[0]?.clauses.map(({ text }) => text);
  };
  assert.deepEqual(textOf('protocol: ICMP, icmp: {type: 8}'), ['ICMP', 'ICMP type 8']);
  assert.deepEqual(textOf('protocol: ICMP, icmp: {type: 3, code: 4}'), ['ICMP', 'ICMP type 3 code 4']);
  assert.deepEqual(textOf('protocol: ICMP, notICMP: {type: 8}'), ['ICMP', 'other than ICMP type 8']);
});

test('profiles of service accounts and of host endpoints are no policies for pods', () => {
  const compiled = (name: string) => compileProfile(objectOf(clusterObject('Profile', name, '')));
  assert.deepEqual(compiled('ksa.shop.default'), []);
  assert.deepEqual(compiled('projectcalico-default-allow'), []);
  assert.equal(compiled('kns.shop').length, 1);
});

test('an object without a name', () => {
  const nameless = objectOf('{kind: NetworkPolicy, apiVersion: projectcalico.org/v3, metadata: {}}');
  assert.throws(() => compileCalicoPolicy(nameless), {
    name: 'InvalidPolicy',
    message: 'metadata.name is missing, not a name',
  });
});
