import { identifies, isAddress } from './addresses.js';

/** A day, or a time as RFC 3339 and Kubernetes write it. */
const TIME = /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d:\d\d(?:[.,]\d{1,9})?(?:Z|[+-]\d\d:?\d\d)?)?$/;

/** `k8s:app.kubernetes.io/name=web`: whose label it is, then the key and the value. */
const LABEL = /^(?:[a-z\d]+:)?([^=]+)=([^=]*)$/;

/** Whether a text may stand in a shared tape: published words, numbers, times, addresses of nobody, and what has no letter or digit. */
export function maySay(text: string, published: (text: string) => boolean): boolean {
  if (!/[\p{L}\p{N}]/u.test(text) || /^[-+]?\d+(?:\.\d+)?$/.test(text) || published(text)) return true;
  if (TIME.test(text)) return true;
  if (isAddress(text) && !identifies(text)) return true;
  const [, key, value] = LABEL.exec(text) ?? [];
  if (key !== undefined && value !== undefined) return maySay(key, published) && maySay(value, published);
  const parts = text.match(/[\p{L}\p{N}]+/gu) ?? [];
  return parts.every((part) => /^\d{1,3}$/.test(part) || published(part));
}
