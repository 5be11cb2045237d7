import type { Secret } from './secret.js';

/** An authority (RFC 3986), as far as it can go. */
const AUTHORITY = /[^\s"'`<>\\/?#]*/y;
/** `docker-pullable://nginx@sha256:…` names an image by its digest. */
const IMAGE_DIGEST = /^@sha(?:256|512):/;
/** A password that should have been encoded can hold what ends an authority: then up to the last `@` of the word. */
const LOOSE_USER_INFO = /[^\s"'`<>\\/?#@:]{0,128}:(?!\d{1,5}(?:[/?#\s"'`<>\\]|$))[^\s"'`<>\\]{0,256}@/y;

/** User info that was cut before. */
const CUT_BEFORE = /^\[[a-z-]{3,20}\]$/i;

/** `user:password@` and `user@` between `://` and the host; `user/password@` and `user:password@tcp(` of two drivers. */
const DRIVERS: readonly RegExp[] = [
  // Oracle JDBC thin URLs.
  /(?<=jdbc:oracle:\w{3,4}:)[^\s/"'@]{1,64}\/[^\s"'@]{1,128}(?=@)/g,
  // Go's MySQL driver: its data source names.
  /(?<![^\s"'=])[^\s/"'@:]{1,64}:[^\s"']{1,128}(?=@(?:tcp|unix|cloudsql)\()/g,
];

/** User info in URLs and connection strings: names of accounts and their passwords. */
export function findUserInfo(text: string, found: Secret[]): void {
  for (let at = text.indexOf('://'); at >= 0; at = text.indexOf('://', at + 3)) {
    const start = at + 3;
    AUTHORITY.lastIndex = start;
    const length = (AUTHORITY.exec(text)?.[0] ?? '').lastIndexOf('@');
    const userInfo = text.slice(start, start + Math.max(length, 0));
    const harmless =
      CUT_BEFORE.test(userInfo) || IMAGE_DIGEST.test(text.slice(start + length, start + length + 8));
    if (userInfo !== '' && !harmless) found.push({ start, end: start + length, kind: 'credentials' });
    LOOSE_USER_INFO.lastIndex = start;
    if (LOOSE_USER_INFO.test(text))
      found.push({ start, end: LOOSE_USER_INFO.lastIndex - 1, kind: 'credentials' });
  }
  for (const driver of DRIVERS)
    for (const { 0: match, index } of text.matchAll(driver))
      found.push({ start: index, end: index + match.length, kind: 'credentials' });
}
