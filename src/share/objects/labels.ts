import { LabelSelector } from '../../policy/kubernetes/label_selector.js';
import { assumptionsOf } from '../../policy/rules/data_plane.js';
import type { Words } from '../words/words.js';
import { shortened } from './shortened.js';

/** The most characters of a label's value, and of its key behind the slash. */
const LONGEST = 63;

/** So many labels are remembered at most. */
const MOST_KNOWN = 100_000;

/** Beginnings of keys by which Cilium tells the labels that do not count. */
const UNSEEN = assumptionsOf('cilium').unseenLabels.map(
  ({ source }) => new RegExp(source.startsWith('^') ? source : `^[^/]*?${source}`),
);

/**
 * Label keys and values in redacted form. What Kubernetes takes for a label stays one, and what it refuses is still
 * refused, so that a malformed policy is not repaired by the renaming.
 */
export class RedactedLabels {
  readonly #keys = new Map<string, string>();
  readonly #values = new Map<string, string>();

  constructor(private readonly words: Words) {}

  /** A label key, as in selectors of Cilium with the source of the label before it: `k8s:app`. */
  key(key: string): string {
    return remembered(this.#keys, key, () => {
      const other = this.#keyOf(key);
      const redacted = sameValidity(key, other, isKey);
      return redacted === other ? other : this.#invalid(key, redacted);
    });
  }

  /** The value of a label: a name, shorter where it would be no value any more. */
  value(value: string): string {
    return remembered(this.#values, value, () =>
      this.words.madeOf(value, (name) =>
        sameValidity(value, isValue(value) ? shortened(name, LONGEST) : name, isValue),
      ),
    );
  }

  /** A label as Hubble writes it: `k8s:app=web`, `reserved:host`, `cidr:10.0.0.0/8`, `cidr:2001-db8--/32`. */
  written(label: string): string {
    const [, block] = /^cidr:([^=]+)$/.exec(label) ?? [];
    if (block !== undefined) {
      const other = `cidr:${this.words.address(block.replaceAll('-', ':')).replaceAll(':', '-')}`;
      return block.includes('-') ? this.words.madeOf(label, () => other) : other;
    }
    const at = label.indexOf('=');
    return at < 0 ? this.key(label) : `${this.key(label.slice(0, at))}=${this.value(label.slice(at + 1))}`;
  }

  #keyOf(written: string): string {
    const [source = ''] = /^(?:k8s|any):/.exec(written) ?? [];
    const key = written.slice(source.length);
    if (this.words.published(key)) return written;
    const [beginning = ''] = UNSEEN.map((pattern) => pattern.exec(key)?.[0] ?? '').filter(Boolean);
    const [, prefix = '', name = ''] = /^(.*\/)?(.*)$/s.exec(key.slice(beginning.length)) ?? [];
    const short = this.words.madeOf(name, (other) => shortened(other, LONGEST - beginning.length));
    return `${source}${beginning}${this.words.name(prefix)}${short}`;
  }

  /** A key that is to be no valid one; what stands behind its last slash or colon was made so. */
  #invalid(key: string, redacted: string): string {
    const [, before = '', made = ''] = /^(.*[/:])?(.*)$/s.exec(redacted) ?? [];
    return before + this.words.madeOf(key.replace(/^.*[/:]/s, ''), () => made);
  }
}

/** The redacted text, with a hyphen at its end, which none of these may have, where the original is not valid either. */
export function sameValidity(original: string, redacted: string, isValid: (text: string) => boolean): string {
  return isValid(redacted) && !isValid(original) ? `${redacted}-` : redacted;
}

function isKey(key: string): boolean {
  const name = key.replace(/^[a-z0-9]+:/, '');
  return isSelector({ matchExpressions: [{ key: name, operator: 'Exists' }] });
}

function isValue(value: string): boolean {
  return isSelector({ matchLabels: { key: value } });
}

function isSelector(raw: unknown): boolean {
  try {
    LabelSelector.compile(raw, '');
    return true;
  } catch {
    return false;
  }
}

function remembered(known: Map<string, string>, text: string, make: () => string): string {
  const before = known.get(text);
  if (before !== undefined) return before;
  if (known.size >= MOST_KNOWN) known.clear();
  const made = make();
  known.set(text, made);
  return made;
}
