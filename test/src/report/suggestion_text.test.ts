import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseAllDocuments } from 'yaml';
import { ConnectionSet } from '../../../src/policy/questions/matrix/connection_set.js';
import { suggestJson, suggestYaml } from '../../../src/report/suggestion_text.js';

const LETS = [
  {
    source: 'shop/web',
    destination: 'shop/db',
    protocol: 'TCP',
    port: 5432,
    packets: 1n,
    first: 0n,
    last: 0n,
  },
  {
    source: 'shop/web',
    destination: 'shop/db',
    protocol: 'ICMP',
    port: null,
    packets: 2n,
    first: 0n,
    last: 1n,
  },
];
const DENIED = {
  time: 0n,
  flows: [],
  relabelled: [],
  allowedSince: undefined,
  why: 'shop/p: it has no ingress rules',
  lets: LETS,
};
const POLICY = {
  apiVersion: 'networking.k8s.io/v1',
  kind: 'NetworkPolicy',
  metadata: { name: 'p' },
  spec: {},
};
const PAIR = {
  source: 'shop/api',
  destination: 'shop/db',
  connections: ConnectionSet.of([{ protocol: 'TCP', from: 80, to: 80 }]),
};
const POLICY_P = { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', namespace: 'shop', name: 'p' };
const change = (policy: object) => ({
  how: 'add a policy' as const,
  what: 'the policy is new',
  before: undefined,
  after: { ...policy },
});

test('a document for each policy, with what it does as comments', () => {
  const suggestion = { ...DENIED, changes: [change(POLICY), change(POLICY)], opens: [PAIR], closes: [PAIR] };
  const text = suggestYaml({ suggestions: [suggestion], refusals: [], notes: ['A note.'] });
  assert.equal(
    text,
    `# Lets through:
#   shop/web to shop/db on TCP 5432: 1 packet dropped from 1970-01-01T00:00:00Z
#   to 1970-01-01T00:00:00Z
#   shop/web to shop/db on ICMP: 2 packets dropped from 1970-01-01T00:00:00Z to
#   1970-01-01T00:00:00.000000001Z
# Denied because of shop/p: it has no ingress rules.
# To do: add a policy: the policy is new.
# To do: add a policy: the policy is new.
# Also opens:
#   shop/api to shop/db on TCP 80
# Also closes:
#   shop/api to shop/db on TCP 80
# Judged again with this at 1970-01-01T00:00:00Z: every one of these connections
# is allowed.
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: p
spec: {}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: p
spec: {}
# A note.
`,
  );
});

test('what cannot be let through is said in comments alone', () => {
  const allowedSince = { time: 5n, object: POLICY_P, what: 'it was deleted' };
  const text = suggestYaml({ suggestions: [], refusals: [{ ...DENIED, allowedSince }], notes: [] });
  assert.ok(text.split('\n').every((line) => line === '' || line.startsWith('# ')));
  assert.match(text, /# Denied because of shop\/p: it has no ingress rules\.\n/);
  const first = `# Already mended in this recording at 1970-01-01T00:00:00.000000005Z by
# NetworkPolicy shop/p (it was deleted).
# No change of a NetworkPolicy was found that lets through:
`;
  assert.ok(text.startsWith(first));
  assert.equal(suggestYaml({ suggestions: [], refusals: [], notes: [] }), '# Nothing to suggest.\n');
});

test('what is mended already, and by which change, is said first', () => {
  const allowedSince = { time: 5_000_000n, object: POLICY_P, what: 'it was edited' };
  const restored = {
    how: 'restore the policy' as const,
    what: 'to what it was before 1970-01-01T00:00:00.004000000Z; that change: it was deleted',
    before: undefined,
    after: { ...POLICY, metadata: { namespace: 'shop', name: 'p' } },
  };
  const suggestion = { ...DENIED, allowedSince, changes: [restored], opens: [], closes: [] };
  const lines = suggestYaml({ suggestions: [suggestion], refusals: [], notes: [] }).split('\n');
  assert.deepEqual(lines.slice(0, 3), [
    '# Already mended in this recording at 1970-01-01T00:00:00.005Z by NetworkPolicy',
    '# shop/p (it was edited); apply this only if it broke again.',
    '# Lets through:',
  ]);
  assert.ok(
    lines.join('\n').includes(`# Restore NetworkPolicy shop/p to what it was before 1970-01-01T00:00:00.004Z;
# that change: it was deleted.
`),
  );
});

test('an edit of labels that began it is said, with what takes it back', () => {
  const edit = {
    time: 5n,
    object: { apiVersion: 'v1', kind: 'Pod', namespace: 'shop', name: 'web' },
    what: 'label app was web and is now wbe',
    undo: 'put label app=web back',
  };
  const denied = { ...DENIED, relabelled: [edit] };
  const said = `# Began when Pod shop/web changed at 1970-01-01T00:00:00.000000005Z: label app
# was web and is now wbe. To undo that instead: put label app=web back.
`;
  const suggestion = { ...denied, changes: [change(POLICY)], opens: [], closes: [] };
  assert.ok(suggestYaml({ suggestions: [suggestion], refusals: [], notes: [] }).includes(said));
  assert.ok(suggestYaml({ suggestions: [], refusals: [denied], notes: [] }).includes(said));
  assert.deepEqual(
    JSON.parse(suggestJson({ suggestions: [], refusals: [denied], notes: [] })).refusals[0].relabelled,
    [{ ...edit, time: '1970-01-01T00:00:00.000000005Z' }],
  );
});

test('active characters are escaped, and the document still says the same', () => {
  const policy = { ...POLICY, metadata: { name: 'p', annotations: { note: 'a\u202eb\u001b[2J' } } };
  const suggestion = {
    ...DENIED,
    why: 'shop/p\n---\nkind: Evil',
    changes: [change(policy)],
    opens: [],
    closes: [],
  };
  const text = suggestYaml({ suggestions: [suggestion], refusals: [], notes: [] });
  assert.doesNotMatch(text, /[^\n\P{Cc}]|\u202e/u);
  const documents = parseAllDocuments(text);
  assert.ok(Array.isArray(documents));
  assert.deepEqual(
    documents.map((document) => document.toJS()),
    [policy],
  );
});
