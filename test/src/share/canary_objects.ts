import type { Canaries } from './canary.js';

/** An object of a kind, its fields full: those of its kind, and some that no kind has, to a depth of four. */
export function canaryObject(kind: string, apiVersion: string, namespaced: boolean, c: Canaries): object {
  return {
    apiVersion,
    kind,
    metadata: {
      name: `${c.word()}-${c.hex(10)}`,
      ...(namespaced ? { namespace: c.word() } : {}),
      uid: c.uuid(),
      generateName: `${c.word()}-`,
      labels: {
        app: c.word(),
        'app.kubernetes.io/name': c.word(),
        [`${c.word()}.example.com/team`]: c.word(),
      },
      annotations: {
        [`${c.word()}.example.com/owner`]: c.word(),
        'example.com/contact': `${c.word()}@example.com`,
      },
      ownerReferences: [{ apiVersion: 'apps/v1', kind: 'ReplicaSet', name: c.word(), uid: c.uuid() }],
      finalizers: [`${c.word()}.example.com/protect`],
    },
    ...fieldsOf(apiVersion.startsWith('projectcalico.org') ? `Calico ${kind}` : kind, c),
    extra: unknown(4, c),
    message: `key ${c.secret()} from ${c.ip()}`,
  };
}

function unknown(depth: number, c: Canaries): unknown {
  return depth === 0
    ? c.word()
    : { [c.word()]: [c.word(), unknown(depth - 1, c)], address: c.ip(), name: c.word() };
}

function selector(c: Canaries): object {
  return {
    matchLabels: { app: c.word() },
    matchExpressions: [{ key: `${c.word()}.example.com/zone`, operator: 'In', values: [c.word(), c.word()] }],
  };
}

function cidr(c: Canaries): string {
  const ip = c.ip();
  return `${ip}/${ip.includes(':') ? 128 : 32}`;
}

/** What objects of a kind have besides metadata. */
function fieldsOf(kind: string, c: Canaries): object {
  const own = FIELDS.find(([kinds]) => kinds.test(kind))?.[1];
  return own === undefined ? workload(c) : own(c);
}

const FIELDS: readonly (readonly [kinds: RegExp, fields: (c: Canaries) => object])[] = [
  [/^Pod$/, (c) => ({ spec: podSpec(c), status: podStatus(c) })],
  [
    /^Service$/,
    (c) => ({
      spec: {
        selector: { app: c.word() },
        clusterIP: c.ip(),
        externalName: `${c.word()}.example.com`,
        ports: [{ name: c.word(), port: 80, targetPort: c.word() }],
      },
    }),
  ],
  [
    /^EndpointSlice$/,
    (c) => ({
      endpoints: [{ addresses: [c.ip()], nodeName: c.word(), hostname: c.word(), targetRef: reference(c) }],
      ports: [{ name: c.word(), port: 8080 }],
    }),
  ],
  [/^Node$/, node],
  [
    /^Event$/,
    (c) => ({
      involvedObject: { ...reference(c), fieldPath: `spec.containers{${c.word()}}` },
      reason: 'BackOff',
      source: { component: 'kubelet', host: c.word() },
      reportingInstance: c.word(),
    }),
  ],
  [/NetworkSet$/, (c) => ({ spec: { nets: [cidr(c)], allowedEgressDomains: [`${c.word()}.example.com`] } })],
  [/^CiliumCIDRGroup$/, (c) => ({ spec: { externalCIDRs: [cidr(c)] } })],
  [/^Cilium/, ciliumPolicy],
  [/^Calico .*Policy$/, calicoPolicy],
  [/Policy$/, policy],
];

function reference(c: Canaries): object {
  return { kind: 'Pod', name: c.word(), namespace: c.word(), uid: c.uuid() };
}

function podStatus(c: Canaries): object {
  return {
    podIP: c.ip(),
    hostIP: c.ip(),
    podIPs: [{ ip: c.ip() }],
    conditions: [
      { type: 'Ready', status: 'False', reason: 'ContainersNotReady', message: `of ${c.secret()}` },
    ],
    containerStatuses: [
      {
        name: c.word(),
        image: `${c.word()}.example.com/${c.word()}:1.2`,
        containerID: `containerd://${c.hex(64)}`,
      },
    ],
  };
}

function node(c: Canaries): object {
  return {
    spec: { podCIDR: cidr(c), providerID: `aws:///${c.word()}/i-${c.hex(17)}` },
    status: {
      addresses: [
        { type: 'InternalIP', address: c.ip() },
        { type: 'Hostname', address: c.word() },
      ],
      nodeInfo: { machineID: c.hex(32), systemUUID: c.uuid(), bootID: c.uuid() },
      images: [{ names: [`${c.word()}.example.com/${c.word()}@sha256:${c.hex(64)}`] }],
    },
  };
}

function ciliumPolicy(c: Canaries): object {
  const toFQDNs = [{ matchName: `${c.word()}.example.com` }, { matchPattern: `*.${c.word()}.example.com` }];
  const http = [{ method: 'GET', path: `/${c.word()}/.*` }];
  const toPorts = [{ ports: [{ port: '443', protocol: 'TCP' }], rules: { http } }];
  return {
    spec: {
      endpointSelector: selector(c),
      egress: [{ toFQDNs, toCIDRSet: [{ cidr: cidr(c), except: [cidr(c)] }], toPorts }],
      ingress: [{ fromEndpoints: [selector(c)] }],
    },
  };
}

/** Of Kubernetes and of the network policy API. */
function policy(c: Canaries): object {
  return {
    spec: {
      podSelector: selector(c),
      subject: { namespaces: selector(c) },
      ingress: [
        {
          from: [{ ipBlock: { cidr: cidr(c), except: [cidr(c)] } }, { namespaceSelector: selector(c) }],
          ports: [{ port: c.word() }],
        },
      ],
    },
  };
}

function calicoPolicy(c: Canaries): object {
  const selector = () => `app == '${c.word()}' && has(${c.word()}) || team contains '${c.word()}'`;
  return {
    spec: {
      selector: selector(),
      tier: c.word(),
      ingress: [
        {
          action: 'Allow',
          source: { selector: selector(), nets: [cidr(c)] },
          destination: { ports: [c.word()] },
        },
      ],
    },
  };
}

function workload(c: Canaries): object {
  return {
    spec: {
      selector: selector(c),
      template: { metadata: { labels: { app: c.word() } }, spec: podSpec(c) },
      serviceName: c.word(),
      labelsToApply: { [c.word()]: c.word() },
    },
    status: { conditions: [{ type: 'Available', status: 'True', message: `of ${c.secret()}` }] },
  };
}

function podSpec(c: Canaries): object {
  const env = [
    { name: c.word().toUpperCase(), value: c.word() },
    { name: 'DB', value: `postgres://app:${c.hex(20)}@${c.word()}/db` },
  ];
  return {
    nodeName: c.word(),
    serviceAccountName: c.word(),
    hostname: c.word(),
    nodeSelector: { [`${c.word()}.example.com/pool`]: c.word() },
    tolerations: [
      { key: `${c.word()}.example.com/only`, operator: 'Equal', value: c.word(), effect: 'NoSchedule' },
    ],
    imagePullSecrets: [{ name: c.word() }],
    containers: [
      {
        name: c.word(),
        image: `${c.word()}.example.com:5000/${c.word()}/${c.word()}:v1.${c.hex(8)}`,
        command: [`/opt/${c.word()}`],
        args: [`--token=${c.hex(24)}`, `--upstream=${c.word()}`],
        env,
        ports: [{ name: c.word(), containerPort: 8080 }],
        volumeMounts: [{ name: c.word(), mountPath: `/var/${c.word()}` }],
      },
    ],
    volumes: [
      { name: c.word(), configMap: { name: c.word() } },
      { name: c.word(), hostPath: { path: `/srv/${c.word()}` } },
    ],
  };
}
