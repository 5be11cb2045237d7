/**
 * The parts of a reference to an image that somebody gave it: host of the registry, each part of the path, tag.
 * `registry.example.com:5000/shop/web:v2-blue@sha256:…` has `registry.example.com`, `shop`, `web` and `v2-blue`.
 */
export function imageNames(reference: string): string[] {
  const [path = ''] = reference.replace(/^[a-z-]+:\/\//, '').split('@');
  const parts = path.split('/');
  const [image = '', tag = ''] = (parts.pop() ?? '').split(':');
  return [...parts.map((part) => part.replace(/:\d+$/, '')), image, tag].filter((part) => part !== '');
}
