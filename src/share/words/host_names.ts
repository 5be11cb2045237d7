/** Endings of names inside of clusters and companies: what stands before is a host, however short. */
const INSIDE = 'internal|local|localdomain|corp|svc|lan|intranet|private';
/** Top-level domains in wide use that no word of a sentence, method or file name ends with. */
const PUBLIC =
  'com|org|net|io|dev|gov|edu|mil|biz|cloud|ai|co|de|uk|fr|nl|ch|se|dk|fi|eu|ca|br|au|nz|jp|kr|cn|tw|hk|sg|ie|ru|za';
/** Of files and units of systemd: three labels that end so are none of a host. */
const FILES =
  /\.(?:[cm]?[jt]sx?|json|ya?ml|toml|xml|html?|css|md|txt|log|csv|sql|conf|cfg|ini|env|lock|map|py|rb|go|rs|java|class|jar|sh|so|cc|cpp|proto|sock|service|socket|scope|slice|mount|timer|tar|gz|zip|tgz|png|jpe?g|gif|svg|ico|pem|crt|key|pub)$/i;

/** Labels of letters, digits and inner hyphens, the last of letters; no call and no part of a longer name behind. */
const DOTTED =
  /(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.){1,20}[a-z]{2,24}(?![a-z0-9_]|-[a-z0-9]|\.[a-z0-9_]|\()/iy;
const KNOWN_ENDING = new RegExp(`[a-z][a-z0-9-]*\\.(?:${INSIDE}|${PUBLIC})$`);
/** `1.2.3.final` is a version. */
const LETTERS_IN_TWO = /[a-z][^.]*\.(?:[^.]*\.)*[^.]*[a-z]/;

const FULL_STOP = 0x2e;
const HYPHEN = 0x2d;
/** Behind these a name goes on. */
const WITHIN_NAME = new Set(['.', '-', '_']);

/** Whether a host name may begin with a run of letters and digits, by what stands before it and behind. */
export function mayBeginHost(text: string, start: number, end: number): boolean {
  const next = text.charCodeAt(end);
  return (next === FULL_STOP || next === HYPHEN) && (start === 0 || !WITHIN_NAME.has(text[start - 1] ?? ''));
}

/**
 * Where a host name ends that begins at an offset, the offset where none does: three labels or more in lower case, or two
 * with a top-level domain in wide use or an ending that clusters and companies use inside. Files are none.
 */
export function hostEnd(text: string, start: number): number {
  DOTTED.lastIndex = start;
  const host = DOTTED.exec(text)?.[0];
  if (host === undefined || FILES.test(host)) return start;
  const isHost = host.indexOf('.') === host.lastIndexOf('.') ? KNOWN_ENDING.test(host) : isLong(host);
  return isHost ? start + host.length : start;
}

/** Names of classes have capitals: three labels with them are a host only by their ending. */
function isLong(host: string): boolean {
  const lower = host.toLowerCase();
  return (host === lower && LETTERS_IN_TWO.test(host)) || KNOWN_ENDING.test(lower);
}
