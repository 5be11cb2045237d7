import { type KubernetesObject, observed, type TinyRow, writeTinyTape } from '../../tiny_tape.js';

const pod = (app: string, ip: string): KubernetesObject => ({
  kind: 'Pod',
  metadata: { name: `${app}-0`, namespace: 'shop', labels: { app }, resourceVersion: '1' },
  spec: { nodeName: 'node-1', containers: [{ name: 'server', image: `${app}:1` }] },
  status: { phase: 'Running', podIPs: [{ ip }] },
});

const policy = (version: string, allowed: string): KubernetesObject => ({
  kind: 'NetworkPolicy',
  apiVersion: 'networking.k8s.io/v1',
  metadata: { name: 'db-ingress', namespace: 'shop', uid: 'policy', resourceVersion: version },
  spec: {
    podSelector: { matchLabels: { app: 'db' } },
    ingress: [{ from: [{ podSelector: { matchLabels: { app: allowed } } }] }],
  },
});

const drop = (time: string, reason: string, port: number): TinyRow => ({
  time,
  reason,
  source_address: '10.0.0.1',
  source_port: port,
  destination_address: '10.0.0.2',
  destination_port: 5432,
  protocol: 'TCP',
  tcp_flags: 'SYN',
  segments: 1,
  location: 'nft_do_chain',
});

const span = (second: number, name: string, duration_ns: bigint, status_code: string): TinyRow => ({
  time: `10:00:0${second}`,
  row_id: second,
  trace_id: `${second}`.repeat(32),
  span_id: `${second}`.repeat(16),
  name,
  kind: 'CLIENT',
  service_name: 'web',
  status_code,
  duration_ns,
});

/** A tape with a little of everything: a policy is edited at 10:00:03, packets are dropped, a call hangs. */
export function writeSampleTape(parent: string): Promise<string> {
  const lists = ['Pod', 'Namespace', 'NetworkPolicy', 'Node', 'Service'].map((kind) => ({
    time: '10:00:00',
    observed: 'listed',
    kind: `${kind}List`,
    api_version: 'v1',
  }));
  return writeTinyTape(
    parent,
    {
      packet_drops: [
        drop('10:00:04.5', 'NETFILTER_DROP', 40000),
        drop('10:00:05.5', 'NETFILTER_DROP', 40000),
        drop('10:00:06', 'NETFILTER_DROP', 40001),
        drop('10:00:07', 'NO_SOCKET', 40002),
      ],
      spans: [
        span(1, 'SELECT', 2_000_000n, 'UNSET'),
        span(2, 'SELECT', 4_000_000n, 'UNSET'),
        span(4, 'SELECT', 3_000_000_000n, 'ERROR'),
        span(5, 'SELECT', 3_000_000_000n, 'ERROR'),
        span(8, 'SELECT \u001b[2J', 1_000_000n, 'UNSET'),
      ],
      kubernetes_objects: [
        ...lists,
        observed('10:00:00', 'listed', { kind: 'Namespace', metadata: { name: 'shop' } }),
        observed('10:00:00', 'listed', pod('web', '10.0.0.1')),
        observed('10:00:00', 'listed', pod('db', '10.0.0.2')),
        observed('10:00:00', 'listed', policy('1', 'web')),
        observed('10:00:03', 'modified', policy('2', 'webb')),
      ],
      losses: [
        {
          time: '10:00:06',
          until: '10:00:06.5',
          source: 'probe',
          table_name: 'packet_drops',
          reason: 'ring buffer full',
          count: 12n,
        },
      ],
    },
    {
      sources: [
        { name: 'probe packet_drops', state: 'recorded', detail: 'tp_btf/kfree_skb' },
        { name: 'otlp grpc', state: 'recorded', detail: '127.0.0.1:4317' },
        { name: 'kubernetes', state: 'recorded', detail: 'https://127.0.0.1:6443' },
      ],
    },
  );
}
