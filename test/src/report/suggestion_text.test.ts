import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseAllDocuments } from 'yaml';
import { ConnectionSet } from '../../../src/policy/questions/connection_set.js';
import { suggestYaml } from '../../../src/report/suggestion_text.js';

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
#   shop/web to shop/db on TCP 5432: 1 packet dropped from 1970-01-01T00:00:00.000000000Z to
#   1970-01-01T00:00:00.000000000Z
#   shop/web to shop/db on ICMP: 2 packets dropped from 1970-01-01T00:00:00.000000000Z to
#   1970-01-01T00:00:00.000000001Z
# Denied because of shop/p: it has no ingress rules.
# To do: add a policy: the policy is new.
# To do: add a policy: the policy is new.
# Also opens:
#   shop/api to shop/db on TCP 80
# Also closes:
#   shop/api to shop/db on TCP 80
# Judged again with this at 1970-01-01T00:00:00.000000000Z: every one of these connections is
# allowed.
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
  const allowedSince = { time: 5n, object: 'NetworkPolicy shop/p', what: 'it was deleted' };
  const text = suggestYaml({ suggestions: [], refusals: [{ ...DENIED, allowedSince }], notes: [] });
  assert.ok(text.split('\n').every((line) => line === '' || line.startsWith('# ')));
  assert.match(text, /^# No change of a NetworkPolicy was found that lets through:\n/);
  assert.match(text, /# Denied because of shop\/p: it has no ingress rules\.\n/);
  assert.ok(
    text.endsWith(`# Allowed again in this recording, since NetworkPolicy shop/p changed at
# 1970-01-01T00:00:00.000000005Z: it was deleted.
`),
  );
  assert.equal(suggestYaml({ suggestions: [], refusals: [], notes: [] }), '# Nothing to suggest.\n');
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
