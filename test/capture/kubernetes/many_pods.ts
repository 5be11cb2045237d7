import { randomUUID } from 'node:crypto';
import type { KubernetesObject } from '../../../fixtures/lab/kubernetes_objects.js';

/** A pod as large as those of real clusters, about 7 kB of JSON, half of it what the API server manages. */
export function largePod(number: number): KubernetesObject {
  const app = `app-${number % 200}`;
  const name = `${app}-${(number * 7919).toString(36)}-${number}`;
  const containerID = `containerd://${number.toString(16).padStart(64, '0')}`;
  const image = `registry.example.com/shop/${app}:1.${number % 7}.0`;
  const at = '2026-11-22T09:00:00Z';
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      namespace: `team-${number % 20}`,
      name,
      labels: { app, 'app.kubernetes.io/part-of': 'shop', 'pod-template-hash': (number * 7919).toString(36) },
      annotations: { 'prometheus.io/scrape': 'true', 'prometheus.io/port': '9090' },
      ownerReferences: [
        {
          apiVersion: 'apps/v1',
          kind: 'ReplicaSet',
          name: app,
          uid: randomUUID(),
          controller: true,
          blockOwnerDeletion: true,
        },
      ],
      managedFields: ['kube-controller-manager', 'kubelet'].map((manager) => ({
        manager,
        operation: 'Update',
        time: at,
        fieldsV1: Object.fromEntries(
          Array.from({ length: 40 }, (_, i) => [`f:status.field-${i}`, { '.': {}, 'f:type': {} }]),
        ),
      })),
    },
    spec: {
      nodeName: `node-${number % 100}`,
      serviceAccountName: app,
      containers: ['server', 'proxy'].map((container) => ({
        name: container,
        image,
        args: ['--config', '/etc/app/config.yaml', '--verbose'],
        env: Array.from({ length: 12 }, (_, i) => ({
          name: `SETTING_${i}`,
          value: `value ${i} of ${container}`,
        })),
        ports: [{ name: 'http', containerPort: 8080, protocol: 'TCP' }],
        readinessProbe: { httpGet: { path: '/ready', port: 8080 }, periodSeconds: 10, failureThreshold: 3 },
        resources: { requests: { cpu: '100m', memory: '128Mi' }, limits: { memory: '256Mi' } },
        volumeMounts: [{ name: 'config', mountPath: '/etc/app', readOnly: true }],
      })),
      volumes: [{ name: 'config', configMap: { name: app, defaultMode: 420 } }],
      tolerations: ['not-ready', 'unreachable'].map((taint) => ({
        key: `node.kubernetes.io/${taint}`,
        operator: 'Exists',
        effect: 'NoExecute',
        tolerationSeconds: 300,
      })),
    },
    status: {
      phase: 'Running',
      podIP: `10.${(number >> 16) & 255}.${(number >> 8) & 255}.${number & 255}`,
      startTime: at,
      conditions: ['Initialized', 'Ready', 'ContainersReady', 'PodScheduled'].map((type) => ({
        type,
        status: 'True',
        lastTransitionTime: at,
      })),
      containerStatuses: ['server', 'proxy'].map((container) => ({
        name: container,
        image,
        containerID,
        ready: true,
        restartCount: 0,
        state: { running: { startedAt: at } },
      })),
    },
  } as KubernetesObject;
}
