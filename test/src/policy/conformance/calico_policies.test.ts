import { calicoPolicy, clusterObject, globalPolicy } from '../calico/calico_objects.js';
import { policyYaml } from '../cluster.js';
import { ABROAD, FREE, holds, OPEN, OUTSIDE } from './holds.js';

const ALLOWED = `allowed\n${FREE}\n${OPEN}`;
const ALLOW = 'ingress: [{action: Allow}]';
const DENY = 'ingress: [{action: Deny}]';
const ON_DB = `selector: app == 'db'`;
const BARE = 'crd.projectcalico.org/v1';

const tier = (name: string, spec: string) => clusterObject('Tier', name, spec);

holds(
  'selector: only the pods that it takes, of the own namespace',
  [calicoPolicy('p', `selector: app == 'web'`)],
  {
    'shop/db > shop/web TCP 80':
      'denied\ningress: Calico NetworkPolicy shop/p isolates: it has no ingress rules, so it allows nothing',
    'shop/web > shop/db TCP 80': ALLOWED,
    'shop/db > prod/web TCP 80': ALLOWED,
  },
);

holds('selector: missing and empty take every pod of the namespace', [calicoPolicy('p', `selector: ''`)], {
  'shop/web > shop/db TCP 80':
    'denied\ningress: Calico NetworkPolicy shop/p isolates: it has no ingress rules, so it allows nothing',
  'shop/db > prod/web TCP 80': ALLOWED,
});

holds(
  'serviceAccountSelector: pods by the labels of their service account',
  [
    '{kind: ServiceAccount, apiVersion: v1, metadata: {namespace: shop, name: default, labels: {role: front}}}',
    '{kind: ServiceAccount, apiVersion: v1, metadata: {namespace: prod, name: default}}',
    globalPolicy('p', `serviceAccountSelector: role == 'front'`),
  ],
  {
    'shop/web > shop/db TCP 80':
      'denied\ningress: GlobalNetworkPolicy p isolates: it has no ingress rules, so it allows nothing',
    'shop/web > prod/web TCP 80': ALLOWED,
  },
);

holds(
  'serviceAccountSelector: the name of a service account is a label of it',
  [calicoPolicy('p', `serviceAccountSelector: projectcalico.org/name == 'default'`)],
  {
    'shop/web > shop/db TCP 80':
      'denied\ningress: Calico NetworkPolicy shop/p isolates: it has no ingress rules, so it allows nothing',
  },
);

holds(
  'serviceAccountSelector: labels that were not recorded leave it open',
  [calicoPolicy('p', `serviceAccountSelector: role == 'front'`)],
  {
    'shop/web > shop/db TCP 80':
      'unknown\ningress: Calico NetworkPolicy shop/p unknown: it may isolate the pod: the labels of service account shop/default are not known',
  },
);

holds(
  'namespaceSelector of a GlobalNetworkPolicy: pods of those namespaces',
  [globalPolicy('p', `namespaceSelector: team == 'a'`)],
  {
    'prod/web > shop/db TCP 80':
      'denied\ningress: GlobalNetworkPolicy p isolates: it has no ingress rules, so it allows nothing',
    'shop/db > prod/web TCP 80': ALLOWED,
  },
);

holds(
  'GlobalNetworkPolicy: pods of every namespace, all selectors together',
  [globalPolicy('p', `selector: app == 'web', namespaceSelector: projectcalico.org/name == 'prod'`)],
  {
    'shop/web > prod/web TCP 80':
      'denied\ningress: GlobalNetworkPolicy p isolates: it has no ingress rules, so it allows nothing',
    'prod/web > shop/web TCP 80': ALLOWED,
  },
);

holds('namespaceSelector: all() is every namespace', [globalPolicy('p', 'namespaceSelector: all()')], {
  'shop/web > prod/web TCP 80':
    'denied\ningress: GlobalNetworkPolicy p isolates: it has no ingress rules, so it allows nothing',
});

holds(
  'labels that Calico adds: namespace, orchestrator, service account, and no pretended ones',
  [
    globalPolicy(
      'p',
      `selector: projectcalico.org/namespace == 'shop' && projectcalico.org/orchestrator == 'k8s' && projectcalico.org/serviceaccount == 'default' && !has(pcns.app)`,
    ),
  ],
  {
    'prod/web > shop/db TCP 80':
      'denied\ningress: GlobalNetworkPolicy p isolates: it has no ingress rules, so it allows nothing',
    'shop/db > prod/web TCP 80': ALLOWED,
  },
);

holds(
  'spec: a missing one is empty',
  [
    '{kind: Tier, apiVersion: projectcalico.org/v3, metadata: {name: a-first}}',
    '{kind: NetworkPolicy, apiVersion: projectcalico.org/v3, metadata: {name: p, namespace: shop}}',
    '{kind: GlobalNetworkPolicy, apiVersion: projectcalico.org/v3, metadata: {name: q}}',
    '{kind: GlobalNetworkSet, apiVersion: projectcalico.org/v3, metadata: {name: nothing}}',
    '{kind: Profile, apiVersion: projectcalico.org/v3, metadata: {name: kns.prod}}',
    globalPolicy('a-first.p', `tier: a-first, ${ON_DB}, ${ALLOW}`),
  ],
  {
    'shop/db > shop/web TCP 80':
      'denied\ningress: Calico NetworkPolicy shop/p isolates: it has no ingress rules, so it allows nothing\ningress: GlobalNetworkPolicy q isolates: it has no ingress rules, so it allows nothing',
    'shop/web > shop/db TCP 80': `allowed\n${FREE}\ningress: GlobalNetworkPolicy a-first.p allows: ingress rule 0 allows it`,
    'prod/web > shop/db TCP 80':
      'denied\negress: Profile kns.prod isolates: it has no egress rules, so it allows nothing',
  },
);

holds('types: missing, without rules is Ingress', [calicoPolicy('p', ON_DB)], {
  'shop/web > shop/db TCP 80':
    'denied\ningress: Calico NetworkPolicy shop/p isolates: it has no ingress rules, so it allows nothing',
  'shop/db > shop/web TCP 80': ALLOWED,
});

holds(
  'types: missing, with egress rules only is Egress',
  [calicoPolicy('p', `${ON_DB}, egress: [{action: Deny}]`)],
  {
    'shop/web > shop/db TCP 80': ALLOWED,
    'shop/db > shop/web TCP 80':
      'denied\negress: Calico NetworkPolicy shop/p denies: egress rule 0 denies it',
  },
);

holds(
  'types: missing, with rules of both is both',
  [calicoPolicy('p', `${ON_DB}, ${ALLOW}, egress: [{action: Deny}]`)],
  {
    'shop/web > shop/db TCP 80': `allowed\n${FREE}\ningress: Calico NetworkPolicy shop/p allows: ingress rule 0 allows it`,
    'shop/db > shop/web TCP 80':
      'denied\negress: Calico NetworkPolicy shop/p denies: egress rule 0 denies it',
  },
);

holds(
  'types: where they are told, rules of the other direction do not count',
  [calicoPolicy('p', `${ON_DB}, types: [Egress], ${DENY}`)],
  {
    'shop/web > shop/db TCP 80': ALLOWED,
    'shop/db > shop/web TCP 80':
      'denied\negress: Calico NetworkPolicy shop/p isolates: it has no egress rules, so it allows nothing',
  },
);

holds(
  'types: missing in a bare resource is both, as nobody filled them in',
  [calicoPolicy('p', ON_DB, BARE)],
  {
    'shop/web > shop/db TCP 80':
      'denied\ningress: Calico NetworkPolicy shop/p isolates: it has no ingress rules, so it allows nothing',
    'shop/db > shop/web TCP 80':
      'denied\negress: Calico NetworkPolicy shop/p isolates: it has no egress rules, so it allows nothing',
  },
);

holds(
  'bare resources: words in lower case, and no prefix of the default tier in the name',
  [calicoPolicy('default.p', `${ON_DB}, types: [ingress], ingress: [{action: deny}]`, BARE)],
  {
    'shop/web > shop/db TCP 80':
      'denied\ningress: Calico NetworkPolicy shop/p denies: ingress rule 0 denies it',
    'shop/db > shop/web TCP 80': ALLOWED,
  },
);

holds(
  'bare resources: the prefix of another tier belongs to the name',
  [
    tier('first', 'order: 1'),
    globalPolicy('first.p', `${ON_DB}, tier: first, types: [Ingress], ${DENY}`, BARE),
    globalPolicy('default.q', `selector: app == 'web', tier: first, types: [Ingress], ${DENY}`, BARE),
  ],
  {
    'shop/web > shop/db TCP 80':
      'denied\ningress: GlobalNetworkPolicy first.p denies: ingress rule 0 denies it',
    'shop/db > shop/web TCP 80':
      'denied\ningress: GlobalNetworkPolicy default.q denies: ingress rule 0 denies it',
  },
);

holds('names: what the API shows is the name as it is', [calicoPolicy('default.p', `${ON_DB}, ${DENY}`)], {
  'shop/web > shop/db TCP 80':
    'denied\ningress: Calico NetworkPolicy shop/default.p denies: ingress rule 0 denies it',
});

holds(
  'order: the lower is tried first, and none is last',
  [
    globalPolicy('a', `${ON_DB}, order: null, ${DENY}`),
    globalPolicy('b', `${ON_DB}, order: 20, ${DENY}`),
    globalPolicy('c', `${ON_DB}, order: 10.5, ${ALLOW}`),
  ],
  {
    'shop/web > shop/db TCP 80': `allowed\n${FREE}\ningress: GlobalNetworkPolicy c allows: ingress rule 0 allows it`,
  },
);

holds(
  'order: at the same place they are tried by name',
  [globalPolicy('b', `${ON_DB}, order: 1, ${DENY}`), globalPolicy('a', `${ON_DB}, order: 1, ${ALLOW}`)],
  {
    'shop/web > shop/db TCP 80': `allowed\n${FREE}\ningress: GlobalNetworkPolicy a allows: ingress rule 0 allows it`,
  },
);

holds(
  'order: NetworkPolicies of Kubernetes stand at 1000 of the default tier',
  [
    policyYaml('k8s', 'podSelector: {matchLabels: {app: db}}\ningress: [{ports: [{port: 80}]}]'),
    globalPolicy(
      'before',
      `${ON_DB}, order: 999, ingress: [{action: Deny, source: {namespaceSelector: team == 'b'}}]`,
    ),
    globalPolicy('after', `${ON_DB}, order: 1001, ${ALLOW}`),
  ],
  {
    'prod/web > shop/db TCP 80':
      'denied\ningress: GlobalNetworkPolicy before denies: ingress rule 0 denies it',
    'shop/web > shop/db TCP 80': `allowed\n${FREE}\ningress: shop/k8s allows: ingress rule 0 allows it`,
    'shop/web > shop/db TCP 81': `allowed\n${FREE}\ningress: GlobalNetworkPolicy after allows: ingress rule 0 allows it`,
  },
);

holds(
  'order: at 1000 nobody knows whether NetworkPolicies of Kubernetes come first, where that matters',
  [
    policyYaml('k8s', 'podSelector: {matchLabels: {app: db}}\ningress: [{ports: [{port: 80}]}]'),
    globalPolicy(
      'a',
      `${ON_DB}, order: 1000, ingress: [{action: Log}, {action: Allow, source: {selector: tier == 'front'}}]`,
    ),
    globalPolicy('b', `${ON_DB}, order: 1000, ${DENY}`),
  ],
  {
    'prod/web > shop/db TCP 80':
      'unknown\ningress: shop/k8s unknown: ingress rule 0 may allow it: it has the same order as GlobalNetworkPolicy b, which says otherwise',
    'shop/web > shop/db TCP 80': `allowed\n${FREE}\ningress: shop/k8s allows: ingress rule 0 allows it`,
    'shop/web > shop/db TCP 81': `allowed\n${FREE}\ningress: GlobalNetworkPolicy a allows: ingress rule 1 allows it`,
    'prod/web > shop/db TCP 81': 'denied\ningress: GlobalNetworkPolicy b denies: ingress rule 0 denies it',
  },
);

holds(
  'rules: the first that matches decides, Log decides nothing',
  [
    calicoPolicy(
      'p',
      `${ON_DB}, ingress: [{action: Log}, {action: Deny, protocol: UDP}, {action: Allow}, {action: Deny}]`,
    ),
  ],
  {
    'shop/web > shop/db UDP 80':
      'denied\ningress: Calico NetworkPolicy shop/p denies: ingress rule 1 denies it',
    'shop/web > shop/db TCP 80': `allowed\n${FREE}\ningress: Calico NetworkPolicy shop/p allows: ingress rule 2 allows it`,
  },
);

holds(
  'tier: what no rule of a Deny tier matches is denied, although a later tier would allow it',
  [
    tier('first', 'order: 1'),
    globalPolicy('first.p', `tier: first, ${ON_DB}, ingress: [{action: Allow, protocol: UDP}]`),
    calicoPolicy('p', `${ON_DB}, ${ALLOW}`),
  ],
  {
    'shop/web > shop/db UDP 80': `allowed\n${FREE}\ningress: GlobalNetworkPolicy first.p allows: ingress rule 0 allows it`,
    'shop/web > shop/db TCP 80':
      'denied\ningress: GlobalNetworkPolicy first.p isolates: ingress rule 0 allows only UDP, the connection is TCP',
  },
);

holds(
  'tier: a Pass tier leaves that to the next, as the action Pass does',
  [
    tier('first', 'order: 1, defaultAction: Pass'),
    tier('second', 'order: 2, defaultAction: Deny'),
    globalPolicy('first.p', `tier: first, ${ON_DB}, ingress: [{action: Allow, protocol: UDP}]`),
    globalPolicy(
      'second.p',
      `tier: second, ${ON_DB}, ingress: [{action: Pass, protocol: TCP}, {action: Allow, protocol: UDP}]`,
    ),
    calicoPolicy('p', `${ON_DB}, ${DENY}`),
  ],
  {
    'shop/web > shop/db UDP 80': `allowed\n${FREE}\ningress: GlobalNetworkPolicy first.p allows: ingress rule 0 allows it`,
    'shop/web > shop/db TCP 80':
      'denied\ningress: GlobalNetworkPolicy first.p passes: its tier passes on what no rule matches\ningress: GlobalNetworkPolicy second.p passes: ingress rule 0 passes it\ningress: Calico NetworkPolicy shop/p denies: ingress rule 0 denies it',
    'shop/web > shop/db SCTP 80':
      'denied\ningress: GlobalNetworkPolicy first.p passes: its tier passes on what no rule matches\ningress: GlobalNetworkPolicy second.p isolates: ingress rule 1 allows only UDP, the connection is SCTP',
  },
);

holds(
  'tier: by order, and one without order stands by name where the default tier does',
  [
    tier('base', ''),
    tier('late', ''),
    tier('first', 'order: 5'),
    globalPolicy('late.p', `tier: late, selector: app == 'web', ${DENY}`),
    globalPolicy('base.p', `tier: base, ${ON_DB}, ingress: [{action: Pass}]`),
    globalPolicy('first.p', `tier: first, ingress: [{action: Pass}]`),
    calicoPolicy('p', ALLOW),
  ],
  {
    'shop/db > shop/web TCP 80': `allowed\n${FREE}\ningress: GlobalNetworkPolicy first.p passes: ingress rule 0 passes it\ningress: Calico NetworkPolicy shop/p allows: ingress rule 0 allows it`,
    'shop/web > shop/db TCP 80': `allowed\n${FREE}\ningress: GlobalNetworkPolicy first.p passes: ingress rule 0 passes it\ningress: GlobalNetworkPolicy base.p passes: ingress rule 0 passes it\ningress: Calico NetworkPolicy shop/p allows: ingress rule 0 allows it`,
  },
);

holds('tier: its name is nothing but a name', [globalPolicy('p', 'tier: constructor')], {
  'shop/web > shop/db TCP 80':
    'unknown\ningress: GlobalNetworkPolicy p unknown: its tier constructor was not recorded',
});

holds('tier: a policy whose tier was not recorded cannot be placed', [globalPolicy('p', 'tier: first')], {
  'shop/web > shop/db TCP 80':
    'unknown\ningress: GlobalNetworkPolicy p unknown: its tier first was not recorded',
});

holds(
  'tier: after the last tier a pod is open, as the profile of its namespace says',
  [calicoPolicy('p', 'ingress: [{action: Pass}]')],
  {
    'shop/web > shop/db TCP 80': `allowed\n${FREE}\ningress: Calico NetworkPolicy shop/p passes: ingress rule 0 passes it`,
  },
);

const ADMIN_DENIES = `{kind: AdminNetworkPolicy, apiVersion: policy.networking.k8s.io/v1alpha1, metadata: {name: anp},
  spec: {priority: 10, subject: {namespaces: {}}, ingress: [{action: Deny, from: [{namespaces: {}}]}]}}`;

const BASELINE_DENIES = `{kind: BaselineAdminNetworkPolicy, apiVersion: policy.networking.k8s.io/v1alpha1, metadata: {name: default},
  spec: {subject: {namespaces: {}}, ingress: [{action: Deny, from: [{namespaces: {}}]}]}}`;

holds(
  "tier kube-admin: Calico's policies stand among the AdminNetworkPolicies",
  [
    ADMIN_DENIES,
    tier('kube-admin', 'order: 1000, defaultAction: Pass'),
    globalPolicy('kube-admin.p', `tier: kube-admin, ${ON_DB}, order: 9, ${ALLOW}`),
    globalPolicy('kube-admin.q', `tier: kube-admin, selector: app == 'web', order: 11, ${ALLOW}`),
  ],
  {
    'shop/web > shop/db TCP 80': `allowed\n${FREE}\ningress: GlobalNetworkPolicy kube-admin.p allows: ingress rule 0 allows it`,
    'shop/db > shop/web TCP 80': 'denied\ningress: AdminNetworkPolicy anp denies: ingress rule 0 denies it',
  },
);

holds(
  "tier kube-baseline: Calico's policies stand after the default tier, with the BaselineAdminNetworkPolicy",
  [
    BASELINE_DENIES,
    tier('kube-baseline', 'order: 10000000, defaultAction: Pass'),
    tier('late', 'order: 9000000'),
    globalPolicy('kube-baseline.p', `tier: kube-baseline, selector: app == 'web', order: -1, ${ALLOW}`),
    globalPolicy('late.p', `tier: late, ${ON_DB}, ${ALLOW}`),
  ],
  {
    'shop/web > shop/db TCP 80': `allowed\n${FREE}\ningress: GlobalNetworkPolicy late.p allows: ingress rule 0 allows it`,
    'shop/db > shop/web TCP 80': `allowed\n${FREE}\ningress: GlobalNetworkPolicy kube-baseline.p allows: ingress rule 0 allows it`,
  },
);

holds(
  'Staged policies are never in force',
  [
    clusterObject('StagedGlobalNetworkPolicy', 'p', DENY),
    '{kind: StagedNetworkPolicy, apiVersion: projectcalico.org/v3, metadata: {namespace: shop, name: p}, spec: {}}',
    '{kind: StagedKubernetesNetworkPolicy, apiVersion: crd.projectcalico.org/v1, metadata: {namespace: shop, name: p}, spec: {}}',
  ],
  {
    'shop/web > shop/db TCP 80': ALLOWED,
  },
);

holds(
  'performanceHints and applyOnForward change nothing for pods',
  [
    globalPolicy(
      'p',
      `${ON_DB}, applyOnForward: true, doNotTrack: false, performanceHints: [AssumeNeededOnEveryNode], ${DENY}`,
    ),
  ],
  {
    'shop/web > shop/db TCP 80': 'denied\ningress: GlobalNetworkPolicy p denies: ingress rule 0 denies it',
  },
);

holds(
  'Profile kns: as Calico makes it, it says nothing',
  [
    clusterObject(
      'Profile',
      'kns.shop',
      'ingress: [{action: Allow}], egress: [{action: Allow}], labelsToApply: {pcns.x: y}',
    ),
    clusterObject('Profile', 'ksa.shop.default', 'labelsToApply: {pcsa.x: y}'),
  ],
  {
    'shop/web > shop/db TCP 80': ALLOWED,
  },
);

holds(
  'Profile kns: other rules hold for the namespace, after all tiers',
  [
    clusterObject(
      'Profile',
      'kns.shop',
      'ingress: [{action: Allow, protocol: TCP}, {action: Deny, protocol: UDP}]',
    ),
    tier('last', 'defaultAction: Pass'),
    globalPolicy('last.p', `tier: last, ${ON_DB}`),
  ],
  {
    'prod/web > shop/db TCP 80': `allowed\n${FREE}\ningress: GlobalNetworkPolicy last.p passes: its tier passes on what no rule matches\ningress: Profile kns.shop allows: ingress rule 0 allows it`,
    'prod/web > shop/web UDP 80': 'denied\ningress: Profile kns.shop denies: ingress rule 1 denies it',
    'prod/web > shop/web SCTP 80':
      'denied\ningress: Profile kns.shop isolates: ingress rule 0 allows only TCP, the connection is SCTP',
    'shop/web > prod/web UDP 80':
      'denied\negress: Profile kns.shop isolates: it has no egress rules, so it allows nothing',
  },
);

holds(
  'traffic of a node: its own reaches a pod always, and a pod is bound towards it',
  [calicoPolicy('p', 'types: [Ingress, Egress]')],
  {
    '192.168.0.1 > shop/db TCP 80': `allowed\n${OUTSIDE}\ningress: what comes from its own node is always let in`,
    'shop/db > 192.168.0.1 TCP 80':
      'denied\negress: Calico NetworkPolicy shop/p isolates: it has no egress rules, so it allows nothing',
  },
);

holds('protocols without ports: a policy isolates them too', [calicoPolicy('p', ON_DB)], {
  'shop/web > shop/db ICMP':
    'denied\ningress: Calico NetworkPolicy shop/p isolates: it has no ingress rules, so it allows nothing',
  'shop/web > 203.0.113.9 ICMP': `allowed\n${FREE}\n${ABROAD}`,
});
