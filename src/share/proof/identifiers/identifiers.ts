import type { Manifest } from '../../../tape/manifest.js';
import type { HashSet } from '../search/hash_set.js';
import { MIN_PATTERN, type PatternText } from '../search/patterns.js';
import type { SpilledHashes } from '../search/spilled_hashes.js';
import { formsOf, identifies, isAddress } from './addresses.js';
import { COMMON_WORDS } from './common_words.js';
import type { Gathered } from './gathering.js';
import { maySay } from './may_say.js';
import type { Replaced } from './replaced.js';
import { Values } from './values.js';

/** What is known of a tape. */
export interface Known {
  readonly manifest: Manifest;
  readonly gathered: readonly Gathered[];
  /** Whole values of columns and fields that hold names: more are added. */
  readonly values: HashSet;
  /** Where hashes of ids are put. */
  readonly ids: SpilledHashes;
  readonly replaced: Replaced;
  readonly published: (text: string) => boolean;
}

/**
 * What is looked for in texts, put together of what was gathered of a tape and what the redactor told of. What of that
 * is looked for as a whole value, or is an id, is added to `values` and `ids`.
 */
export function patternsOf(known: Known): PatternText[] {
  const { manifest, gathered, replaced, published } = known;
  const values = new Values(known.ids);
  const patterns = [...replaced.secrets];
  const names = new Set(gathered.flatMap((each) => [...each.names]));
  const addresses = new Set([replaced, ...gathered].flatMap((each) => [...each.addresses]));
  const structure = new Set(gathered.flatMap((each) => [...each.structure]));
  for (const key of keysIn(manifest)) structure.add(key);
  for (const { name } of manifest.nodes) names.add(name);
  for (const address of addressesIn(manifest)) addresses.add(address);
  const saysNothing = (name: string) =>
    COMMON_WORDS.has(name.toLowerCase()) || structure.has(name.toLowerCase()) || maySay(name, published);
  for (const name of names) {
    values.addText(name);
    if (isAddress(name)) patterns.push(...addressPatterns(name));
    else if (name.length >= MIN_PATTERN && !saysNothing(name)) {
      patterns.push([name, 'name', name]);
      for (const form of nameForms(name)) if (!saysNothing(form)) patterns.push([name, 'name', form]);
    }
  }
  // Addresses change places with each other: one that stands for another now cannot be told from itself.
  for (const address of addresses)
    if (!replaced.taken.has(address)) patterns.push(...addressPatterns(address));
  known.values.addAll(values.names.take());
  return patterns;
}

/** Names of the fields of a manifest, at every level. */
function* keysIn(value: unknown): Generator<string> {
  if (typeof value !== 'object' || value === null) return;
  for (const [key, inner] of Object.entries(value)) {
    yield key;
    yield* keysIn(inner);
  }
}

function* addressesIn({ sources }: Manifest): Generator<string> {
  for (const { detail } of sources) {
    for (const [address] of detail.matchAll(/\d+(?:\.\d+){3}|[0-9a-f]*:[0-9a-f:]+/gi)) yield address;
  }
}

/** A name of two parts or more as variables, metrics and code write it, and the first label of a host that is no plain word. */
function nameForms(name: string): readonly string[] {
  const [label = '', ...labels] = name.split('.');
  const isHost = labels.length >= 2 && /^[a-z]{2,24}$/.test(labels.at(-1) ?? '');
  const first = isHost && /^(?=.*[a-z]{3})(?=.*[-\d])[a-z\d-]+$/.test(label) ? [label] : [];
  const isJoined = /^[a-z\d]+(?:[-_.]+[a-z\d]+)+$/i.test(name) && name.replace(/[^a-z]/gi, '').length >= 8;
  if (!isJoined) return first;
  const parts = name.split(/[-_.]+/);
  return [
    ...first,
    ...['-', '_', '.', ''].map((joiner) => parts.join(joiner)).filter((form) => form !== name),
  ];
}

/** All the ways in which an address is written. */
function addressPatterns(address: string): PatternText[] {
  return identifies(address) ? formsOf(address).map((form) => [address, 'address', form]) : [];
}
