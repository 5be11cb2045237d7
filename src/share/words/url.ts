/** The functions that parts of a URL are rewritten by. */
export interface UrlParts {
  /** Of path segments, the host and the fragment. */
  readonly name: (text: string) => string;
  /** Of values in the query. */
  readonly value: (text: string) => string;
}

/** A path without a host before it and a query or fragment behind it, as most are. */
const PATH = /^\/(?!\/)[^?#]*$/;
/** Scheme; user info; host and port; path; query; fragment. RFC 3986, appendix B, with what may be missing. */
const URL_PARTS =
  /^(?:([a-z][a-z0-9+.-]*):)?(\/\/(?:[^/?#]*@)?([^/?#]*))?([^?#]*)(?:\?([^#]*))?(?:#(.*))?$/is;

/**
 * Rewrites a URL, a path or a route: the host as a host, each segment of the path as a name, keys of the query as names and
 * its values as values. What stands before an `@` in the authority goes. The scheme, a port, published words,
 * parameters named so (`{id}`) and numbers of up to three digits stay.
 */
export function rewriteUrl(url: string, { name, value }: UrlParts): string {
  if (PATH.test(url)) return rewritePath(url, name);
  const [, scheme, authority, host = '', path = '', query, fragment] = URL_PARTS.exec(url) ?? [];
  let rewritten = scheme === undefined ? '' : `${name(scheme)}:`;
  if (authority !== undefined) rewritten += `//${hostAndPort(host, name)}`;
  rewritten += rewritePath(path, name);
  if (query !== undefined)
    rewritten += `?${query
      .split('&')
      .map((pair) => rewritePair(pair, name, value))
      .join('&')}`;
  if (fragment !== undefined) rewritten += `#${decoded(fragment, name)}`;
  return rewritten;
}

function rewritePath(path: string, name: (text: string) => string): string {
  let rewritten = '';
  let done = 0;
  for (let slash = path.indexOf('/'); slash >= 0; slash = path.indexOf('/', done)) {
    rewritten += `${decoded(path.slice(done, slash), name)}/`;
    done = slash + 1;
  }
  return rewritten + decoded(path.slice(done), name);
}

function hostAndPort(text: string, name: (text: string) => string): string {
  const [, host = '', port = ''] = /^(.*?)(:\d{1,5})?$/s.exec(text) ?? [];
  return name(host) + port;
}

function rewritePair(pair: string, name: (text: string) => string, value: (text: string) => string): string {
  const equals = pair.indexOf('=');
  if (equals < 0) return decoded(pair, name);
  return `${decoded(pair.slice(0, equals), name)}=${decoded(pair.slice(equals + 1), value)}`;
}

/** Rewrites what a part says, so that `caf%C3%A9` and `café` are one name, where it can be written back the same way. */
function decoded(part: string, rewrite: (text: string) => string): string {
  if (!part.includes('%')) return rewrite(part);
  try {
    const text = decodeURIComponent(part);
    return encodeURIComponent(text) === part ? encodeURIComponent(rewrite(text)) : rewrite(part);
  } catch {
    return rewrite(part);
  }
}
