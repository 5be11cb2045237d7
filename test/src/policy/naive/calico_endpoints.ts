import { hit } from './branches.js';
import type { CalicoPolicy, EntityRule } from './calico_objects.js';
import { NAMESPACES, SERVICE_ACCOUNTS, selectorHolds } from './calico_selector.js';
import type { Labels } from './metadata.js';
import type { KubernetesObject, ServiceAccount } from './objects.js';
import { type End, inBlock, isIPv6, namespaceLabels, type Question, unlessMasqueraded } from './question.js';
import { not, type Truth } from './truth.js';

/**
 * The selectors that say which endpoints: all of them must hold, and notSelector must not, for one thing that has the
 * address. Any of them confines a namespaced policy to its namespace where namespaceSelector says nothing else. In
 * other policies notSelector alone holds also for addresses that nothing known has.
 * Source: libcalico-go/lib/backend/syncersv1/updateprocessors/rules.go, GetEntityRuleSelector;
 * felix/calc/rule_scanner.go, combineMatchesIfPossible.
 */
export function selected(entity: EntityRule, end: End, policy: CalicoPolicy, question: Question): Truth {
  const { selector, namespaceSelector, serviceAccounts, notSelector } = entity;
  const isConfined = policy.kind === 'NetworkPolicy' && namespaceSelector === undefined;
  const isUsed =
    selector !== undefined ||
    namespaceSelector !== undefined ||
    (serviceAccounts?.names ?? []).length > 0 ||
    serviceAccounts?.selector !== undefined ||
    (isConfined && notSelector !== undefined);
  if (!isUsed && notSelector !== undefined)
    return hit('Calico: notSelector alone', not(hasEndpoint(end, question, [notSelector])));
  if (!isUsed) return hit('Calico: no selector', true);
  const selectors = [
    selector ?? '',
    ...(notSelector === undefined ? [] : [hit('Calico: notSelector', `!(${notSelector})`)]),
  ];
  const isWhere = (labels: Labels): boolean => {
    const namespace = labels['projectcalico.org/namespace'];
    if (policy.kind === 'NetworkPolicy' && isConfined && namespace !== policy.metadata.namespace)
      return hit('Calico: endpoint of another namespace', false);
    if (namespaceSelector !== undefined && !selectorHolds(namespaceSelector, labels, NAMESPACES))
      return hit('Calico: namespaceSelector misses', false);
    const names = serviceAccounts?.names ?? [];
    if (names.length > 0 && !names.includes(labels['projectcalico.org/serviceaccount'] ?? ''))
      return hit('Calico: serviceAccounts.names misses', false);
    return selectorHolds(serviceAccounts?.selector ?? '', labels, SERVICE_ACCOUNTS)
      ? hit('Calico: where the selectors look', true)
      : hit('Calico: serviceAccounts.selector misses', false);
  };
  return hasEndpoint(end, question, selectors, isWhere);
}

/**
 * Whether something that has the address is where they look and has such labels. A node may have a HostEndpoint, which
 * is not recorded: it is in no namespace and has labels that nobody knows, for each selector such as it needs.
 */
function hasEndpoint(
  end: End,
  question: Question,
  selectors: readonly string[],
  isWhere: (labels: Labels) => boolean = () => true,
): Truth {
  const isSelected = (labels: Labels) => selectors.every((selector) => selectorHolds(selector, labels));
  if (labelledAt(end, question.objects).some((labels) => isWhere(labels) && isSelected(labels)))
    return hit('Calico: an endpoint or set is selected', true);
  if (end.kind === 'node' && isWhere({}) && selectors.every(canHold))
    return hit('Calico: a HostEndpoint may be selected', 'unknown');
  return unlessMasqueraded(question, end, false);
}

const KEYWORDS = ['has', 'all', 'global', 'contains', 'starts', 'ends', 'with', 'in', 'not'];

/**
 * Whether there are labels for which it holds: tried without each, and with every word that it mentions, alone and
 * with more before or behind it. Calico's own labels are those of pods.
 */
function canHold(selector: string): boolean {
  const words = [...selector.matchAll(/"([^"]*)"|'([^']*)'|([\w./-]+)/g)];
  const mentioned = words.map(([, double, single]) => double ?? single).filter((word) => word !== undefined);
  const values = mentioned.flatMap((word) => [word, `${word}?`, `?${word}`]);
  const keys = words
    .flatMap(([, , , word]) => word ?? [])
    .filter((word) => !KEYWORDS.includes(word) && !word.startsWith('projectcalico.org/'));
  let candidates: Labels[] = [{}];
  for (const key of new Set(keys))
    candidates = candidates.flatMap((labels) => [
      labels,
      ...['?', ...values].map((value) => ({ ...labels, [key]: value })),
    ]);
  return candidates.some((labels) => selectorHolds(selector, labels));
}

/** What selectors see of a pod: its labels, those of its namespace and service account, and Calico's own. */
export function podLabels({ pod }: End & { kind: 'pod' }, objects: readonly KubernetesObject[]): Labels {
  const { namespace, labels } = pod.metadata;
  const { serviceAccountName } = pod.spec;
  const account = objects.find(
    (object): object is ServiceAccount =>
      object.kind === 'ServiceAccount' &&
      object.metadata.namespace === namespace &&
      object.metadata.name === serviceAccountName,
  );
  return {
    ...prefixed(NAMESPACES, { ...namespaceLabels(objects, namespace), 'projectcalico.org/name': namespace }),
    ...prefixed(SERVICE_ACCOUNTS, {
      ...account?.metadata.labels,
      'projectcalico.org/name': serviceAccountName,
    }),
    ...labels,
    'projectcalico.org/namespace': namespace,
    'projectcalico.org/orchestrator': 'k8s',
    'projectcalico.org/serviceaccount': serviceAccountName,
  };
}

function prefixed(prefix: string, labels: Labels): Labels {
  return Object.fromEntries(Object.entries(labels).map(([key, value]) => [`${prefix}${key}`, value]));
}

/** The labels of everything known that has the address: the pod, and the network sets around it. */
function labelledAt(end: End, objects: readonly KubernetesObject[]): Labels[] {
  const found: Labels[] = end.kind === 'pod' ? [podLabels(end, objects)] : [];
  for (const object of objects) {
    if (object.kind !== 'NetworkSet' && object.kind !== 'GlobalNetworkSet') continue;
    if (!object.spec.nets.some((net) => inNet(end.address, net))) continue;
    const { labels } = object.metadata;
    if (object.kind === 'GlobalNetworkSet') found.push(hit('Calico: in a GlobalNetworkSet', labels ?? {}));
    else {
      const { namespace } = object.metadata;
      const ofNamespace = { ...namespaceLabels(objects, namespace), 'projectcalico.org/name': namespace };
      found.push(
        hit('Calico: in a NetworkSet', {
          ...prefixed(NAMESPACES, ofNamespace),
          ...labels,
          'projectcalico.org/namespace': namespace,
        }),
      );
    }
  }
  return found;
}

/** A net may be a single address. */
export function inNet(address: string, net: string): boolean {
  if (net.includes('/')) return inBlock(address, net);
  return hit('Calico: net of one address', inBlock(address, `${net}/${isIPv6(net) ? 128 : 32}`));
}
