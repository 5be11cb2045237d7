import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { KubernetesObjectRow } from '../../../../../src/kubernetes/observation.js';
import { ClusterTimeline } from '../../../../../src/policy/history/timeline.js';
import { summarised } from '../../../../../src/policy/questions/suggest/dropped_flow.js';
import { ObjectsOverTime } from '../../../../../src/policy/questions/suggest/objects_over_time.js';
import { type Suggestions, suggest } from '../../../../../src/policy/questions/suggest/suggest.js';
import { marks, podYaml, policyYaml, rowsOf } from '../../cluster.js';
import { ownedYaml } from '../asked.js';

const WEB = podYaml('shop/web', '10.0.0.1', 'app: web');
const DB = podYaml('shop/db', '10.0.0.2', 'app: db', '{name: pg, containerPort: 5432}');
const API = podYaml('shop/api', '10.0.0.3', 'app: api');
const DEFAULT_DENY = policyYaml('default-deny', 'podSelector: {}\npolicyTypes: [Ingress]');

const dbPolicy = (rule: string) =>
  policyYaml('db', `podSelector: {matchLabels: {app: db}}\ningress: [${rule}]`);
const from = (app: string, port: number | string) =>
  `{from: [{podSelector: {matchLabels: {app: ${app}}}}], ports: [{port: ${port}}]}`;

/** A cluster from time 1 on, with what changed later. */
class Cluster {
  readonly timeline: ClusterTimeline;
  private readonly objects: ObjectsOverTime;

  constructor(start: readonly string[], changes: readonly KubernetesObjectRow[] = []) {
    const rows = [...start.flatMap((yaml) => rowsOf(yaml, 1n)), ...changes];
    this.timeline = new ClusterTimeline([...rows, ...marks(1n)]);
    this.objects = new ObjectsOverTime(rows);
  }

  /** What is suggested for flows such as `10.0.0.1 > 10.0.0.2 TCP 5432`, dropped at time 20 and the recording over at 100. */
  suggest(...flows: string[]): Suggestions {
    const dropped = flows.map((flow) => {
      const [source = '', , destination = '', protocol = '', port] = flow.split(' ');
      const times = [15n, 20n];
      return {
        source,
        destination,
        protocol,
        port: port === undefined ? null : Number(port),
        packets: 3n,
        times,
      };
    });
    return suggest(this.timeline, this.objects, dropped, 100n);
  }
}

/** Each suggestion in short: what to do, the new spec, and what else it opens and closes. */
function inShort({ suggestions, refusals }: Suggestions) {
  assert.deepEqual(refusals, []);
  return suggestions.map(({ changes, opens, closes }) => ({
    changes: changes.map(({ how, after }) => `${how}: ${JSON.stringify(after.spec)}`),
    opens: opens.map(
      ({ source, destination, connections }) => `${source} > ${destination}: ${connections.text}`,
    ),
    closes: closes.map(
      ({ source, destination, connections }) => `${source} > ${destination}: ${connections.text}`,
    ),
  }));
}

const BROKEN = '10.0.0.1 > 10.0.0.2 TCP 5432';
const peer = (app: string) => ({ podSelector: { matchLabels: { app } } });
const spec = (ingress: unknown, app = 'db') =>
  JSON.stringify({ podSelector: { matchLabels: { app } }, ingress });

test('an edit that began the denial is taken back', () => {
  const cluster = new Cluster(
    [WEB, DB, dbPolicy(from('web', 5432))],
    rowsOf(dbPolicy(from('wbe', 5432)), 10n, 'modified'),
  );
  const { suggestions } = cluster.suggest(BROKEN);
  assert.deepEqual(inShort({ suggestions, refusals: [] }), [
    {
      changes: [`restore the policy: ${spec([{ from: [peer('web')], ports: [{ port: 5432 }] }])}`],
      opens: [],
      closes: [],
    },
  ]);
  const [one] = suggestions;
  assert.deepEqual(one?.changes[0]?.after, {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name: 'db', namespace: 'shop' },
    spec: {
      podSelector: { matchLabels: { app: 'db' } },
      ingress: [{ from: [peer('web')], ports: [{ port: 5432 }] }],
    },
  });
  assert.equal(
    one?.changes[0]?.what,
    'to what it was before 1970-01-01T00:00:00.000000010Z; that change: ingress rule 0 allowed pods app=web on TCP 5432 and now allows pods app=wbe on TCP 5432',
  );
  assert.equal(one?.time, 20n);
  assert.equal(one?.allowedSince, undefined);
  assert.equal(one?.why, 'shop/db: ingress rule 0 allows pods app=wbe, the source pod has app=web');
});

test('not where that lets in more than a mended rule, nor where it does not help', () => {
  const wide = dbPolicy('{}');
  const edited = rowsOf(dbPolicy(from('api', 5432)), 10n, 'modified');
  assert.deepEqual(inShort(new Cluster([WEB, DB, API, wide], edited).suggest(BROKEN)), [
    {
      changes: [`mend a rule: ${spec([{ from: [peer('api'), peer('web')], ports: [{ port: 5432 }] }])}`],
      opens: [],
      closes: [],
    },
  ]);
});

test('a policy that was deleted is written again', () => {
  const cluster = new Cluster(
    [WEB, DB, DEFAULT_DENY, dbPolicy(from('web', 5432))],
    rowsOf(dbPolicy(from('web', 5432)), 10n, 'deleted'),
  );
  const { suggestions } = cluster.suggest(BROKEN);
  const [change] = suggestions[0]?.changes ?? [];
  assert.equal(change?.how, 'restore the policy');
  assert.equal(change?.before, undefined);
});

test('a change that was no policy’s is not taken back', () => {
  const cluster = new Cluster(
    [WEB, DB, dbPolicy(from('web', 5432))],
    rowsOf(podYaml('shop/web', '10.0.0.1', 'app: wbe'), 10n, 'modified'),
  );
  assert.deepEqual(inShort(cluster.suggest(BROKEN))[0]?.changes, [
    `mend a rule: ${spec([{ from: [peer('web'), peer('wbe')], ports: [{ port: 5432 }] }])}`,
  ]);
});

test('an edit of labels that began the denial is told with what takes it back, each once', () => {
  const rule = dbPolicy(from('web', 5432));
  const edits = (before: string, after: string, ...flows: string[]) => {
    const edit = rowsOf(podYaml('shop/web', '10.0.0.1', after), 10n, 'modified');
    const { suggestions } = new Cluster(
      [podYaml('shop/web', '10.0.0.1', before), DB, rule, dbPolicy(from('web', 5433)).replace('db', 'more')],
      edit,
    ).suggest(BROKEN, ...flows);
    return suggestions.flatMap(({ relabelled }) => relabelled);
  };
  const edit = { time: 10n, object: { apiVersion: 'v1', kind: 'Pod', namespace: 'shop', name: 'web' } };
  assert.deepEqual(edits('app: web', 'app: wbe, on: call', '10.0.0.1 > 10.0.0.2 TCP 5433'), [
    {
      ...edit,
      what: 'label app was web and is now wbe; label on was missing and is now call',
      undo: 'put label app=web back and remove label on',
    },
  ]);
  assert.deepEqual(edits('app: wbe', 'app: wbb'), []);
});

test('the nearest rule gets the port that it lacks', () => {
  assert.deepEqual(inShort(new Cluster([WEB, DB, dbPolicy(from('web', 'grpc'))]).suggest(BROKEN)), [
    {
      changes: [
        `mend a rule: ${spec([{ from: [peer('web')], ports: [{ port: 'grpc' }, { protocol: 'TCP', port: 5432 }] }])}`,
      ],
      opens: [],
      closes: [],
    },
  ]);
});

test('a rule that lacks peer and port is left alone: one more rule opens nothing else', () => {
  const [one] = inShort(new Cluster([WEB, DB, API, dbPolicy(from('api', 80))]).suggest(BROKEN));
  const rules = [
    { from: [peer('api')], ports: [{ port: 80 }] },
    { from: [peer('web')], ports: [{ protocol: 'TCP', port: 5432 }] },
  ];
  assert.deepEqual(one, { changes: [`add a rule: ${spec(rules)}`], opens: [], closes: [] });
});

test('a peer more in a rule of many ports would open the others, so it has a rule of its own', () => {
  const rule = '{from: [{podSelector: {matchLabels: {app: api}}}], ports: [{port: 5432}, {port: 80}]}';
  const [one] = inShort(new Cluster([WEB, DB, dbPolicy(rule)]).suggest(BROKEN));
  assert.match(one?.changes[0] ?? '', /^add a rule: /);
});

test('under a default deny alone a new policy allows just that', () => {
  const { suggestions } = new Cluster([WEB, DB, API, DEFAULT_DENY]).suggest(BROKEN);
  assert.deepEqual(suggestions[0]?.changes[0], {
    how: 'add a policy',
    what: 'the policy is new',
    before: undefined,
    after: {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      metadata: { name: 'allow-web-to-db', namespace: 'shop' },
      spec: {
        podSelector: { matchLabels: { app: 'db' } },
        policyTypes: ['Ingress'],
        ingress: [{ from: [peer('web')], ports: [{ protocol: 'TCP', port: 5432 }] }],
      },
    },
  });
});

test('what else it opens is told, where there is nothing that opens less', () => {
  const twin = podYaml('shop/twin', '10.0.0.4', 'app: web');
  const [one] = inShort(new Cluster([WEB, DB, twin, DEFAULT_DENY]).suggest(BROKEN));
  assert.deepEqual(one?.opens, ['shop/twin > shop/db: TCP 5432']);
});

test('what it closes is told too', () => {
  const cluster = new Cluster(
    [WEB, DB, API, dbPolicy(from('web', 5432))],
    rowsOf(
      policyYaml(
        'db',
        `podSelector: {matchLabels: {app: db}}\ningress: [${from('api', 5432)}, ${from('api', 80)}]`,
      ),
      10n,
      'modified',
    ),
  );
  // Taking the edit back would close what it opened: a mended rule closes nothing.
  const [one] = inShort(cluster.suggest(BROKEN));
  assert.match(one?.changes[0] ?? '', /^mend a rule: /);
  const baseline = `
kind: BaselineAdminNetworkPolicy
apiVersion: policy.networking.k8s.io/v1alpha1
metadata: {name: default}
spec: {subject: {namespaces: {}}, ingress: [{action: Deny, from: [{pods: {namespaceSelector: {}, podSelector: {matchLabels: {app: web}}}}]}]}`;
  const [other] = inShort(new Cluster([WEB, DB, API, baseline]).suggest(BROKEN));
  assert.match(other?.changes[0] ?? '', /^add a policy: /);
  assert.deepEqual(other?.closes, ['shop/api > shop/db: all', 'outside 0.0.0.0/0 > shop/db: all']);
});

test('where both directions deny there is a change for each', () => {
  const egress = policyYaml(
    'web',
    'podSelector: {matchLabels: {app: web}}\npolicyTypes: [Egress]\negress: [{to: [{podSelector: {matchLabels: {app: api}}}]}]',
  );
  const [one] = inShort(new Cluster([WEB, DB, API, egress, dbPolicy(from('api', 5432))]).suggest(BROKEN));
  assert.deepEqual(one?.changes, [
    `mend a rule: ${JSON.stringify({
      podSelector: { matchLabels: { app: 'web' } },
      policyTypes: ['Egress'],
      egress: [{ to: [peer('api'), peer('db')] }],
    })}`,
    `mend a rule: ${spec([{ from: [peer('api'), peer('web')], ports: [{ port: 5432 }] }])}`,
  ]);
  assert.deepEqual(one?.opens, []);
});

test('a default deny stays one, in both directions', () => {
  const all = policyYaml('all', 'podSelector: {}\npolicyTypes: [Ingress, Egress]');
  const [one] = inShort(new Cluster([WEB, DB, all]).suggest(BROKEN));
  const ports = [{ protocol: 'TCP', port: 5432 }];
  assert.deepEqual(one?.changes, [
    `add a policy: ${JSON.stringify({ podSelector: { matchLabels: { app: 'web' } }, policyTypes: ['Egress'], egress: [{ to: [peer('db')], ports }] })}`,
    `add a policy: ${JSON.stringify({ podSelector: { matchLabels: { app: 'db' } }, policyTypes: ['Ingress'], ingress: [{ from: [peer('web')], ports }] })}`,
  ]);
  const { suggestions } = new Cluster([WEB, DB, all]).suggest(BROKEN);
  assert.deepEqual(
    suggestions[0]?.changes.map(({ after }) => after.metadata),
    [
      { name: 'allow-web-to-db-egress', namespace: 'shop' },
      { name: 'allow-web-to-db', namespace: 'shop' },
    ],
  );
});

test('a version that the API would refuse is not restored', () => {
  const invalid = dbPolicy('{ports: [{port: 0}]}');
  const cluster = new Cluster([WEB, DB, API, invalid], rowsOf(dbPolicy(from('api', 5432)), 10n, 'modified'));
  assert.match(inShort(cluster.suggest(BROKEN))[0]?.changes[0] ?? '', /^mend a rule: /);
  const broken = new Cluster(
    [WEB, DB, dbPolicy(from('web', 5432)), DEFAULT_DENY],
    rowsOf(invalid, 10n, 'modified'),
  );
  assert.match(inShort(broken.suggest(BROKEN))[0]?.changes[0] ?? '', /^restore the policy: /);
});

test('a policy that is changed for one direction is left as it is for the other', () => {
  const rules = (app: string) => `[{podSelector: {matchLabels: {app: ${app}}}}]`;
  const all = policyYaml(
    'all',
    `podSelector: {}\npolicyTypes: [Ingress, Egress]\ningress: [{from: ${rules('x')}}]\negress: [{to: ${rules('x')}}]`,
  );
  const { suggestions } = new Cluster([WEB, DB, all]).suggest(BROKEN);
  const names = suggestions[0]?.changes.map(({ after }) => (after.metadata as { name: string }).name);
  assert.equal(new Set(names).size, 2);
});

test('pods of another namespace are named by it, addresses as blocks', () => {
  const other = podYaml('prod/web', '10.0.1.1', 'app: web');
  const cluster = new Cluster([other, DB, DEFAULT_DENY]);
  const ruleFor = (...flows: string[]) => {
    const { suggestions } = cluster.suggest(...flows);
    return suggestions
      .map(({ changes }) => changes[0]?.after.spec as { ingress: unknown })
      .map(({ ingress }) => ingress);
  };
  const ports = [{ protocol: 'TCP', port: 5432 }];
  assert.deepEqual(ruleFor('10.0.1.1 > 10.0.0.2 TCP 5432'), [
    [
      {
        from: [
          {
            namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'prod' } },
            podSelector: { matchLabels: { app: 'web' } },
          },
        ],
        ports,
      },
    ],
  ]);
  assert.deepEqual(ruleFor('203.0.113.9 > 10.0.0.2 TCP 5432', '203.0.113.10 > 10.0.0.2 TCP 5432'), [
    [{ from: [{ ipBlock: { cidr: '203.0.113.9/32' } }, { ipBlock: { cidr: '203.0.113.10/32' } }], ports }],
  ]);
  assert.deepEqual(ruleFor('203.0.113.9 > 10.0.0.2 TCP 5432', '203.0.113.9 > 10.0.0.2 UDP 53'), [
    [{ from: [{ ipBlock: { cidr: '203.0.113.9/32' } }], ports: [...ports, { protocol: 'UDP', port: 53 }] }],
  ]);
  assert.deepEqual(ruleFor('203.0.113.9 > 10.0.0.2 TCP 5432', '203.0.113.10 > 10.0.0.2 UDP 53'), [
    [
      { from: [{ ipBlock: { cidr: '203.0.113.9/32' } }], ports },
      { from: [{ ipBlock: { cidr: '203.0.113.10/32' } }], ports: [{ protocol: 'UDP', port: 53 }] },
    ],
  ]);
});

test('an address outside, and a node, are let in alone', () => {
  const node =
    '{kind: Node, apiVersion: v1, metadata: {name: n2}, status: {addresses: [{type: InternalIP, address: 192.168.0.2}]}}';
  const cluster = new Cluster([DB, node, DEFAULT_DENY]);
  for (const address of ['203.0.113.9', '192.168.0.2']) {
    const [one] = cluster.suggest(`${address} > 10.0.0.2 TCP 5432`).suggestions;
    const spec = one?.changes[0]?.after.spec as { ingress: { from: unknown }[] } | undefined;
    assert.deepEqual(spec?.ingress[0]?.from, [{ ipBlock: { cidr: `${address}/32` } }]);
  }
  const [outside] = inShort(cluster.suggest('203.0.113.9 > 10.0.0.2 TCP 5432'));
  assert.deepEqual(outside?.opens, []);
});

test('selectors go by what the workload selects, else by the labels that last', () => {
  const pod = (labels: string) => ownedYaml('Pod', 'web-1', 'ReplicaSet/web-a', labels, 'podIP: 10.0.0.1');
  const replicaSet = ownedYaml('ReplicaSet', 'web-a', 'Deployment/web');
  const deployment =
    '{kind: Deployment, apiVersion: apps/v1, metadata: {namespace: shop, name: web}, spec: {selector: {matchLabels: {app: web}}, template: {}}}';
  const labels = 'app: web, version: v2, pod-template-hash: abc';
  const selectorOf = (...yaml: string[]) => {
    const { suggestions } = new Cluster([...yaml, DB, DEFAULT_DENY]).suggest(BROKEN);
    const spec = suggestions[0]?.changes[0]?.after.spec as { ingress: { from: unknown[] }[] } | undefined;
    return spec?.ingress[0]?.from[0];
  };
  assert.deepEqual(selectorOf(pod(labels), replicaSet, deployment), peer('web'));
  assert.deepEqual(selectorOf(pod(labels), replicaSet), {
    podSelector: { matchLabels: { app: 'web', version: 'v2' } },
  });
  // A pod that lost the label is no longer the workload's to select.
  assert.deepEqual(selectorOf(pod('app: wbe'), replicaSet, deployment), peer('wbe'));
});

test('a name that is taken is not taken again', () => {
  const taken = policyYaml('allow-web-to-db', 'podSelector: {matchLabels: {app: none}}');
  const { suggestions } = new Cluster([WEB, DB, DEFAULT_DENY, taken]).suggest(BROKEN);
  assert.deepEqual(suggestions[0]?.changes[0]?.after.metadata, {
    name: 'allow-web-to-db-2',
    namespace: 'shop',
  });
});

test('where another kind of policy denies, its rule is named and nothing is suggested', () => {
  const admin = `
kind: AdminNetworkPolicy
apiVersion: policy.networking.k8s.io/v1alpha1
metadata: {name: guard}
spec: {priority: 1, subject: {namespaces: {}}, ingress: [{name: no-web, action: Deny, from: [{namespaces: {}}]}]}`;
  const { suggestions, refusals } = new Cluster([WEB, DB, admin, DEFAULT_DENY]).suggest(BROKEN);
  assert.deepEqual(suggestions, []);
  assert.deepEqual(
    refusals.map(({ why }) => why),
    ['AdminNetworkPolicy guard: ingress rule 0 "no-web" denies it'],
  );
});

test('a pod without lasting labels cannot be named', () => {
  const bare = podYaml('shop/web', '10.0.0.1', 'pod-template-hash: abc');
  const { suggestions, refusals } = new Cluster([bare, DB, DEFAULT_DENY]).suggest(BROKEN);
  assert.deepEqual([suggestions.length, refusals.length], [0, 1]);
  const subject = podYaml('shop/db', '10.0.0.2', '');
  assert.equal(new Cluster([WEB, subject, DEFAULT_DENY]).suggest(BROKEN).refusals.length, 1);
});

test('flows that one reason denies are let through together, others apart', () => {
  const { suggestions } = new Cluster([WEB, API, DB, DEFAULT_DENY]).suggest(
    BROKEN,
    '10.0.0.3 > 10.0.0.2 TCP 5432',
    '10.0.0.2 > 10.0.0.1 TCP 80',
  );
  assert.deepEqual(
    suggestions.map(({ changes, flows }) => [flows.length, changes[0]?.after.metadata]),
    [
      [2, { name: 'allow-web-api-to-db', namespace: 'shop' }],
      [1, { name: 'allow-db-to-web', namespace: 'shop' }],
    ],
  );
});

test('a flow to a service is judged where it leads', () => {
  const service =
    '{kind: Service, apiVersion: v1, metadata: {namespace: shop, name: db}, spec: {clusterIP: 10.96.0.9, selector: {app: db}, ports: [{port: 80, targetPort: 5432}]}}';
  const { suggestions } = new Cluster([WEB, DB, DEFAULT_DENY, service]).suggest(
    '10.0.0.1 > 10.96.0.9 TCP 80',
  );
  const spec = suggestions[0]?.changes[0]?.after.spec as { ingress: unknown } | undefined;
  assert.deepEqual(spec?.ingress, [{ from: [peer('web')], ports: [{ protocol: 'TCP', port: 5432 }] }]);
});

test('the packets to a service are counted once, however many pods it has', () => {
  const service =
    '{kind: Service, apiVersion: v1, metadata: {namespace: shop, name: db}, spec: {clusterIP: 10.96.0.9, selector: {app: db}, ports: [{port: 5432}]}}';
  const second = podYaml('shop/db-2', '10.0.0.5', 'app: db');
  const cluster = new Cluster([WEB, DB, second, DEFAULT_DENY, service]);
  const { suggestions } = cluster.suggest('10.0.0.1 > 10.96.0.9 TCP 5432');
  const packets = suggestions
    .flatMap(({ flows }) => summarised(cluster.timeline, flows))
    .map((one) => one.packets);
  assert.deepEqual(packets, [3n, 3n]);
  const both = suggestions.flatMap(({ flows }) => flows);
  assert.deepEqual(
    summarised(cluster.timeline, both).map((one) => one.packets),
    [3n],
  );
});

test('what one direction still denies is not allowed again', () => {
  const egress = (app: string) =>
    policyYaml(
      'web',
      `podSelector: {matchLabels: {app: web}}\npolicyTypes: [Egress]\negress: [{to: [{podSelector: {matchLabels: {app: ${app}}}}]}]`,
    );
  const cluster = new Cluster([WEB, DB, DEFAULT_DENY, egress('x')], rowsOf(egress('db'), 50n, 'modified'));
  assert.equal(cluster.suggest(BROKEN).suggestions[0]?.allowedSince, undefined);
});

test('what was allowed at every drop is passed over; the last time that it was denied counts', () => {
  assert.deepEqual(new Cluster([WEB, DB]).suggest(BROKEN), { suggestions: [], refusals: [] });
  const fixed = new Cluster(
    [WEB, DB, dbPolicy(from('wbe', 5432))],
    rowsOf(dbPolicy(from('web', 5432)), 18n, 'modified'),
  );
  const [one] = fixed.suggest(BROKEN).suggestions;
  assert.equal(one?.time, 15n);
  assert.deepEqual(one?.allowedSince, {
    time: 18n,
    object: { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', namespace: 'shop', name: 'db' },
    what: 'ingress rule 0 allowed pods app=wbe on TCP 5432 and now allows pods app=web on TCP 5432',
  });
});

test('a protocol without ports cannot be let through', () => {
  const calico =
    '{kind: Tier, apiVersion: projectcalico.org/v3, metadata: {name: default}, spec: {order: 1000000}}';
  const policy = `
kind: NetworkPolicy
apiVersion: projectcalico.org/v3
metadata: {namespace: shop, name: db}
spec: {selector: app == 'db', types: [Ingress]}`;
  const { suggestions, refusals } = new Cluster([WEB, DB, calico, policy]).suggest(
    '10.0.0.1 > 10.0.0.2 ICMP',
  );
  assert.deepEqual([suggestions.length, refusals.length], [0, 1]);
});

test('flows are told by workload, with all their packets', () => {
  const cluster = new Cluster([WEB, DB, DEFAULT_DENY]);
  const { suggestions } = cluster.suggest(BROKEN, BROKEN, '203.0.113.9 > 10.0.0.2 TCP 5432');
  assert.deepEqual(summarised(cluster.timeline, suggestions[0]?.flows ?? []), [
    {
      source: 'shop/web',
      destination: 'shop/db',
      protocol: 'TCP',
      port: 5432,
      packets: 6n,
      first: 15n,
      last: 20n,
    },
    {
      source: '203.0.113.9',
      destination: 'shop/db',
      protocol: 'TCP',
      port: 5432,
      packets: 3n,
      first: 15n,
      last: 20n,
    },
  ]);
});
