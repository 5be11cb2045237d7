import { KtapeError } from '../../../../src/errors.js';
import { ClusterTimeline } from '../../../../src/policy/history/timeline.js';
import type { Answer, DirectionAnswer } from '../../../../src/policy/questions/explain/answer.js';
import { portOf, protocolOf } from '../../../../src/policy/questions/explain/asked_connection.js';
import { Inquiry } from '../../../../src/policy/questions/explain/inquiry.js';
import { marks, rowsOf } from '../cluster.js';

/** A Deployment of namespace shop, or another kind, with no pods. */
export function workloadYaml(
  name: string,
  labels: string,
  ports = '',
  kind = 'Deployment',
  more = '',
): string {
  const spec = `{containers: [{name: main, ports: [${ports}]}]${more}}`;
  return (
    `{kind: ${kind}, apiVersion: apps/v1, metadata: {namespace: shop, name: ${name}}, ` +
    `spec: {template: {metadata: {labels: {${labels}}}, spec: ${spec}}}}`
  );
}

/** An object of namespace shop that a controller owns; `metadata` may say more of it. */
export function ownedYaml(kind: string, name: string, owner: string, labels = '', status = ''): string {
  const [ownerKind, ownerName] = owner.split('/');
  const reference = `{controller: true, apiVersion: apps/v1, kind: ${ownerKind}, name: ${ownerName}}`;
  return (
    `{kind: ${kind}, apiVersion: ${kind === 'Pod' ? 'v1' : 'apps/v1'}, ` +
    `metadata: {namespace: shop, name: ${name}, labels: {${labels}}, ownerReferences: [${reference}]}, status: {${status}}}`
  );
}

/**
 * Asks `shop/web > shop/db TCP 5432` of these manifests; the answer on one line for the whole and one for each
 * direction: `ingress denied: NetworkPolicy shop/p isolates by rule 0`, or what is wrong with the question.
 */
export function asked(yaml: readonly string[], question: string): string {
  const [from = '', , to = '', protocol = 'TCP', port] = question.split(' ');
  const timeline = new ClusterTimeline([...yaml.flatMap((text) => rowsOf(text)), ...marks()]);
  const inquiry = new Inquiry(timeline, 0n);
  try {
    return said(
      inquiry.answer(
        inquiry.pairs({ from, to, protocol: protocolOf(protocol), port: portOf(port, protocol) }),
      ),
    );
  } catch (error) {
    if (error instanceof KtapeError) return error.message;
    throw error;
  }
}

function said({ verdict, egress, ingress }: Answer): string {
  return [verdict, directionSaid('egress', egress), directionSaid('ingress', ingress)].join('\n');
}

function directionSaid(name: string, { verdict, policies, why }: DirectionAnswer): string {
  const parts = policies.map(
    ({ kind, namespace, name, effect, rule }) => `${kind} ${namespace}/${name} ${effect} by rule ${rule}`,
  );
  return `${name} ${verdict}: ${[...parts, ...(why === undefined ? [] : [why])].join(' and ')}`;
}
