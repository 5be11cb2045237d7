import type { Vocabulary } from '../words/words.js';
import { quotedIn } from './calico_selectors.js';
import type { ClusterFacts, Selected } from './cluster_facts.js';
import { imageNames } from './image_names.js';
import { Fields, isList, type Json, jsonWithin } from './json_tree.js';
import { areLabels, ruleOf } from './object_fields.js';
import { isOfCalico, orderedKind } from './ordered_kind.js';
import { addOrder } from './policy_orders.js';

/**
 * Gathers from an object what must be known before anything is redacted: names, to be found in text and taken apart, and
 * facts on labels and orders. What is no JSON object has none.
 */
export function gatherObject(text: string, vocabulary: Vocabulary, facts: ClusterFacts): void {
  const object = jsonWithin(text);
  if (!(object instanceof Fields)) return;
  new Gatherer(object, vocabulary, facts).gather();
}

/** Fields whose strings are names by which people speak of things, or `parent.field`. */
const NAMES = new Set(
  `
  metadata.name metadata.namespace metadata.generateName namespace nodeName serviceAccountName serviceAccount hostname
  subdomain serviceName clusterName claimName secretName runtimeClassName priorityClassName storageClassName volumeName
  ownerReferences.name involvedObject.name regarding.name related.name targetRef.name containers.name initContainers.name
  ephemeralContainers.name containerStatuses.name initContainerStatuses.name volumes.name configMap.name
  configMapKeyRef.name configMapRef.name secretKeyRef.name secretRef.name service.name services.name imagePullSecrets.name
  secrets.name roleRef.name subjects.name names tier cidrGroupRef reportingInstance source.host host hosts externalName
  matchName ingress.hostname addresses.address addresses.hostname schedulerName
  `
    .trim()
    .split(/\s+/),
);

/** Those that hold references to images. */
const IMAGES = new Set(['image', 'imageID', 'images.names']);

const SELECTED: Readonly<Record<string, Selected>> = {
  Namespace: 'namespace',
  ServiceAccount: 'serviceAccount',
};

class Gatherer {
  private readonly selected: Selected;
  private readonly ofCalico: boolean;

  constructor(
    private readonly object: Fields,
    private readonly vocabulary: Vocabulary,
    private readonly facts: ClusterFacts,
  ) {
    this.selected = SELECTED[object.text('kind') ?? ''] ?? 'endpoint';
    this.ofCalico = isOfCalico(object);
  }

  gather(): void {
    this.identity();
    this.place();
    this.fields(this.object, '');
  }

  private identity(): void {
    const { object, facts } = this;
    const metadata = object.get('metadata');
    if (!(metadata instanceof Fields)) return;
    const name = metadata.text('name');
    const namespace = metadata.text('namespace') ?? (this.selected === 'namespace' ? name : 'default');
    if (namespace !== undefined) facts.addNamespace(namespace);
    if (this.selected === 'serviceAccount' && name !== undefined) facts.addServiceAccount(name);
    if (object.text('kind') === 'Pod') facts.addServiceAccount('default');
  }

  private place(): void {
    const { orders } = this.facts.data;
    if (this.object.text('apiVersion')?.startsWith('networking.k8s.io/')) orders.hasNetworkPolicies = true;
    const ordered = orderedKind(this.object);
    if (ordered?.kind === 'tier') addOrder(orders.tiers, ordered.order, ordered.name);
    if (ordered?.kind === 'policy') addOrder(this.facts.ordersOf(ordered.tier), ordered.order, ordered.name);
  }

  private fields(map: Fields, parent: string): void {
    for (const [key, value] of map.entries) this.value(value, parent, key);
  }

  private value(value: Json, parent: string, field: string): void {
    if (typeof value === 'string') this.string(value, parent, field);
    else if (isList(value)) for (const one of value) this.value(one, parent, field);
    else if (value instanceof Fields) {
      const rule = ruleOf(parent, field);
      if (areLabels(value, rule)) this.labels(value, field === 'labels');
      else if (rule === 'annotations') for (const [key] of value.entries) this.key(key);
      this.fields(value, field);
    }
  }

  /** @param areOwn whether something has them, rather than that they are asked for. */
  private labels(map: Fields, areOwn: boolean): void {
    for (const [key, value] of map.entries) {
      this.key(key);
      if (typeof value !== 'string') continue;
      this.vocabulary.add(value);
      if (areOwn) this.facts.addLabel(this.selected, key, value);
    }
  }

  /** Whose label it is tells more than the rest of its key, which is often a common word. */
  private key(key: string): void {
    const slash = key.indexOf('/');
    if (slash > 0) this.vocabulary.add(key.slice(0, slash).replace(/^[a-z0-9]+:/, ''));
  }

  private string(value: string, parent: string, field: string): void {
    const { vocabulary } = this;
    const rule = ruleOf(parent, field);
    if (rule === 'labelValue') vocabulary.add(value);
    else if (rule === 'labelKey') this.key(value);
    else if (rule === 'selector' && this.ofCalico) vocabulary.addAll(quotedIn(value));
    else if (IMAGES.has(field) || IMAGES.has(`${parent}.${field}`)) vocabulary.addAll(imageNames(value));
    else if (NAMES.has(field) || NAMES.has(`${parent}.${field}`)) vocabulary.add(value.replace(/-$/, ''));
    if (field === 'serviceAccountName') this.facts.addServiceAccount(value);
  }
}
