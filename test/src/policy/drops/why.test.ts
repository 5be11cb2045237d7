import assert from 'node:assert/strict';
import { test } from 'node:test';
import { policyYaml } from '../cluster.js';
import { ALLOW_API, ALLOW_WEB, judgeOf, SECOND, type Story, synAt } from './dropped.js';

const FREE = 'egress: no policy isolates the source pod';
const API_ONLY =
  'ingress is isolated by shop/p (ingress rule 0 allows pods app=api, the source pod has app=web)';
const byHubble = { seenBy: 'hubble', reason: 'POLICY_DENIED' } as const;

/** An AdminNetworkPolicy for the whole cluster. */
const adminPolicy = (name: string, rules: string) =>
  `{kind: AdminNetworkPolicy, apiVersion: policy.networking.k8s.io/v1alpha1, metadata: {name: ${name}}, spec: {priority: 1, subject: {namespaces: {}}, ${rules}}}`;

test('denied by a rule: the rule, and nothing of isolation', () => {
  const deny = adminPolicy('no', 'ingress: [{action: Deny, from: [{namespaces: {}}]}]');
  const { why, direction, policies } = judgeOf({ 1: ['listed', deny] }).judge(synAt(5));
  assert.equal(why, 'NETFILTER_DROP fits: ingress: AdminNetworkPolicy no (ingress rule 0 denies it).');
  assert.deepEqual([direction, policies], ['ingress', ['AdminNetworkPolicy no']]);
});

test('allowed: what both directions say, and no direction, policy or change is named', () => {
  const row = judgeOf({ 1: ['listed', policyYaml('p', ALLOW_WEB)] }).judge(synAt(5));
  assert.equal(
    row.why,
    `The policies allow the connection (${FREE}; ingress: shop/p (ingress rule 0 allows it)): another rule of netfilter (nftables, iptables) dropped it.`,
  );
  const { direction, policies, changed_time, changed_object, change, allowed_before } = row;
  assert.deepEqual(
    [direction, policies, changed_time, changed_object, change, allowed_before],
    [null, [], null, null, null, null],
  );
});

test('named by the data plane: the policies recorded are asked about that direction alone', () => {
  const judge = judgeOf({ 1: ['listed', policyYaml('p', ALLOW_API)] });
  const why = (egress: string[], ingress: string[]) =>
    judge.judge(synAt(5, { ...byHubble, deniedBy: { egress, ingress } })).why;
  assert.equal(why(['shop/x'], []), `Hubble names shop/x. Yet the policies recorded allow it: ${FREE}.`);
  assert.equal(why([], ['shop/p']), `Hubble names shop/p. The policies recorded deny it: ${API_ONLY}.`);
});

test('named by the data plane: also where a service without endpoints would reject it', () => {
  const service = `{kind: Service, apiVersion: v1, metadata: {namespace: shop, name: empty}, spec: {clusterIP: 10.96.0.9}}
---
{kind: EndpointSlice, apiVersion: discovery.k8s.io/v1, metadata: {namespace: shop, name: e, labels: {kubernetes.io/service-name: empty}}}`;
  const judge = judgeOf({ 1: ['listed', service] });
  const toService = (reason: string, egress: string[]) =>
    judge.judge(synAt(5, { destinationAddress: '10.96.0.9', reason, deniedBy: { egress, ingress: [] } }));
  assert.equal(toService('NETFILTER_DROP', ['shop/x']).grade, 'proven');
  assert.match(toService('NETFILTER_DROP', []).why, /^Service shop\/empty had no ready endpoint/);
  assert.equal(toService('NO_SOCKET', []).why, "NO_SOCKET is not a reason that a policy's data plane gives.");
});

test('left out: malformed policies of either namespace and of the cluster, and of no other', () => {
  const bad = (namespace: string) =>
    policyYaml(`bad-${namespace}`, 'ingress: [{from: [{}]}]').replace('shop', namespace);
  const story: Story = {
    1: [
      'listed',
      [bad('shop'), bad('prod'), bad('elsewhere'), adminPolicy('bad', 'ingress: 1')].join('\n---\n'),
    ],
  };
  const names = (ends: object) =>
    judgeOf(story)
      .judge(synAt(5, ends))
      .left_out.map((one) => one.replace(/ is left out.*/, ''));
  const [cluster, shop, prod] = [
    'AdminNetworkPolicy bad',
    'NetworkPolicy shop/bad-shop',
    'NetworkPolicy prod/bad-prod',
  ];
  assert.deepEqual(names({}), [cluster, shop]);
  assert.deepEqual(names({ sourceAddress: '10.0.1.1' }), [cluster, prod, shop]);
  assert.deepEqual(names({ destinationAddress: '10.0.1.1' }), [cluster, shop, prod]);
});

/** A change at second 10, by the rules before and after, and what is said of a drop so many milliseconds later. */
const edit = (before: string, after: string) => {
  const judge = judgeOf({
    1: ['listed', policyYaml('p', before)],
    10: ['modified', policyYaml('p', after)],
  });
  return (ms: number) => judge.judge({ ...synAt(10), time: 10n * SECOND + BigInt(ms) * 1_000_000n });
};
const SETTLING = ', while the change of NetworkPolicy shop/p at 1970-01-01T00:00:10.000000000Z took effect';

test('while a change takes effect: up to a second before it was seen, and for less than five after it', () => {
  const grades = (found: ReturnType<typeof edit>, times: readonly number[]) =>
    times.map((ms) => found(ms).grade);
  const NONE = 'not a policy';
  assert.deepEqual(grades(edit(ALLOW_WEB, ALLOW_API), [-1001, -1000, -1, 0]), [
    NONE,
    'consistent',
    'consistent',
    'consistent',
  ]);
  assert.deepEqual(grades(edit(ALLOW_API, ALLOW_WEB), [-1, 0, 4999, 5000]), [
    'consistent',
    'consistent',
    'consistent',
    NONE,
  ]);
});

test('while a change takes effect: said only where the other state denies and this one does not', () => {
  const other = ALLOW_API.replace('api', 'job');
  assert.equal(edit(ALLOW_API, ALLOW_WEB)(0).why, `NETFILTER_DROP fits: ${API_ONLY}${SETTLING}.`);
  assert.equal(edit(other, ALLOW_API)(0).why, `NETFILTER_DROP fits: ${API_ONLY}.`);
  const allowed = edit('podSelector: {}\ningress: [{}]', ALLOW_WEB)(0).why;
  assert.match(allowed, /^The policies allow the connection .* dropped it\.$/);
  assert.doesNotMatch(allowed, /took effect/);
});

test('while a change takes effect: of what leaves the source, too', () => {
  const noEgress = 'podSelector: {matchLabels: {app: web}}\npolicyTypes: [Egress]';
  const { why } = edit(noEgress, `${noEgress}\negress: [{}]`)(100);
  assert.equal(
    why,
    `NETFILTER_DROP fits: egress is isolated by shop/p (it has no egress rules, so it allows nothing)${SETTLING}.`,
  );
});

test('whether it was allowed before a change is not told across a gap', () => {
  const gap = { kind: 'NetworkPolicy', since: 5n * SECOND, until: 10n * SECOND, reason: 'test' };
  const story: Story = {
    1: ['listed', policyYaml('p', ALLOW_WEB)],
    10: ['modified', policyYaml('p', ALLOW_API)],
  };
  const before = (gaps: readonly (typeof gap)[]) => judgeOf(story, gaps).judge(synAt(20)).allowed_before;
  assert.deepEqual([before([]), before([gap])], [true, null]);
});
