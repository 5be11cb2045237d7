import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parse } from 'yaml';
import { versionsOf, WATCHED_KINDS } from '../../../../src/kubernetes/kinds.js';
import { NAMESPACE_LABEL, SERVICE_ACCOUNT_LABEL } from '../../../../src/policy/calico/labels.js';
import { DIRECTIONS } from '../../../../src/policy/rules/policy.js';
import { BUILT_IN_TIERS } from '../../../../src/policy/rules/tier.js';
import { redactPortName } from '../../../../src/share/objects/port_names.js';
import { unmasked } from '../words/tiny_words.js';
import { jsonOf, redactorOf } from './redacted.js';

const UID = '1b4e28ba-2fa1-41d2-883f-0016d3cca427';

const SHOP = `
kind: Deployment
apiVersion: apps/v1
metadata: {namespace: shop, name: payment}
---
kind: ReplicaSet
apiVersion: apps/v1
metadata: {namespace: shop, name: payment-7d9f}
---
kind: Pod
apiVersion: v1
metadata:
  namespace: shop
  name: payment-7d9f-x2x9z
  generateName: payment-7d9f-
  uid: ${UID}
  resourceVersion: "123456"
  creationTimestamp: "2026-01-02T03:04:05Z"
  labels: {app: payment, pod-template-hash: 7d9f, acme.example/team: red}
  annotations: {acme.example/owner: '{"team":"red","since":2019,"token":"s3cr3t-s3cr3t"}'}
spec:
  serviceAccountName: payer
  tolerations: [{key: acme.example/dedicated, operator: Equal, value: red, effect: NoSchedule}]
  containers:
    - name: app
      image: registry.acme.example/shop/payment:v2-blue
      ports: [{name: pay, containerPort: 8080}]
      env: [{name: LEDGER_PASSWORD, value: correct horse}, {name: LEDGER, value: "http://ledger.shop:8080/v1/books"}]
      resources: {requests: {cpu: 500m, memory: 1Gi}}
status:
  phase: Running
  conditions: [{type: Ready, status: "False", reason: ContainersNotReady, message: containers of payment-7d9f-x2x9z are not ready}]
---
kind: Event
apiVersion: v1
metadata: {namespace: shop, name: e1}
involvedObject: {kind: Pod, namespace: shop, name: payment-7d9f-x2x9z, fieldPath: "spec.containers{app}"}
reason: BackOff
message: Back-off restarting payment in pod payment-7d9f-x2x9z_shop(${UID})
`;

/** As SHOP, where a word in capitals stands for the pseudonym of the same in small letters. */
const SHARED = `
kind: Pod
apiVersion: v1
metadata:
  namespace: SHOP
  name: PAYMENT-7D9F-X2X9Z
  generateName: PAYMENT-7D9F-
  uid: UID
  resourceVersion: "123456"
  creationTimestamp: "2026-01-02T03:04:05Z"
  labels: {app: PAYMENT, pod-template-hash: 7D9F, ACME.EXAMPLE/TEAM: RED}
  annotations: {ACME.EXAMPLE/OWNER: '{"TEAM":"RED","SINCE":2019,"token":"S3CR3T-S3CR3T"}'}
spec:
  serviceAccountName: PAYER
  tolerations: [{key: ACME.EXAMPLE/DEDICATED, operator: Equal, value: RED, effect: NoSchedule}]
  containers:
    - name: app
      image: REGISTRY.ACME.EXAMPLE/SHOP/PAYMENT:v2-BLUE
      ports: [{name: PAY, containerPort: 8080}]
      env: [{name: LEDGER_PASSWORD, value: '[password]'}, {name: LEDGER, value: "http://LEDGER.SHOP:8080/v1/BOOKS"}]
      resources: {requests: {cpu: 500m, memory: 1Gi}}
status:
  phase: Running
  conditions: [{type: Ready, status: "False", reason: ContainersNotReady, message: containers of PAYMENT-7D9F-X2X9Z are not ready}]
`;

const [, , POD = '', EVENT = ''] = jsonOf(SHOP);
const { redactor, words, notes } = redactorOf(jsonOf(SHOP));

test('a pod, field by field', () => {
  const redacted = redactor.redact(POD);
  const expected = SHARED.replace('UID', words.name(UID)).replace(
    '{name: PAY,',
    `{name: ${redactPortName('pay', words)},`,
  );
  assert.deepEqual(JSON.parse(capitals(redacted)), parse(expected));
});

test('an event names things in its text', () => {
  const { involvedObject, reason, message } = JSON.parse(capitals(redactor.redact(EVENT)));
  assert.deepEqual(
    { involvedObject, reason, message },
    {
      involvedObject: {
        kind: 'Pod',
        namespace: 'SHOP',
        name: 'PAYMENT-7D9F-X2X9Z',
        fieldPath: 'spec.containers{app}',
      },
      reason: 'BackOff',
      message: `Back-off restarting PAYMENT in pod PAYMENT-7D9F-X2X9Z_SHOP(${words.name(UID)})`,
    },
  );
});

test('numbers of an API stay, of others no codes of secrets, cards and persons', () => {
  const redacted = JSON.parse(
    redactor.redact(
      `{"kind":"Acme","metadata":{"resourceVersion":"123456789","annotations":{"login":"{\\"password\\":12345}"}},
      "spec":{"replicas":3,"priority":100000,"password":99887766,"size":378282246310005,"weight":4111111111111112}}`,
    ),
  );
  const { spec, metadata } = redacted;
  assert.deepEqual(
    [spec.replicas, spec.priority, spec.password, spec.weight, metadata.resourceVersion],
    [3, 100000, 0, 4111111111111112, '123456789'],
  );
  assert.notEqual(spec.size ?? spec[words.name('size')], 378282246310005);
  assert.deepEqual(Object.values(metadata.annotations), ['{"password":0}']);
});

test('words by which policies decide are published', () => {
  const decisive = [
    ...[...DIRECTIONS, ...BUILT_IN_TIERS.map(({ name }) => name), 'kube-admin', 'kube-baseline'],
    ...'default kubernetes k8s world host remote-node kube-apiserver all cluster none'.split(' '),
    ...['kubernetes.io/metadata.name', 'kubernetes.io/service-name', 'io.kubernetes.pod.namespace'],
    ...['io.cilium.k8s.policy.serviceaccount', 'io.cilium.k8s.policy.cluster'],
    ...['projectcalico.org/orchestrator', 'projectcalico.org/name', NAMESPACE_LABEL, SERVICE_ACCOUNT_LABEL],
    ...WATCHED_KINDS.flatMap((watched) => [watched.kind, ...versionsOf(watched)]),
  ];
  assert.deepEqual(
    decisive.filter((word) => words.keep(word) !== word || words.name(word) !== word),
    [],
  );
});

test('what is no object is one name and none after', () => {
  for (const text of ['payment is no JSON', '{"payment":', '']) {
    const redacted = redactor.redact(text);
    assert.equal(redacted, words.name(text));
    assert.doesNotMatch(redacted, /payment/);
    assert.throws(() => JSON.parse(redacted));
  }
});

function capitals(redacted: string): string {
  const originals = new Map([...notes].map(([word, original]) => [word, original.toUpperCase()]));
  return unmasked(redacted, originals);
}
