import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** A key and a certificate for 127.0.0.1 that is its own authority; the files are left in the directory. */
export function serverCertificate(directory: string): { readonly key: Buffer; readonly cert: Buffer } {
  const [key, cert] = [join(directory, 'tls.key'), join(directory, 'tls.crt')];
  execFileSync(
    'openssl',
    `req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 1 -subj /CN=lab
     -addext subjectAltName=IP:127.0.0.1 -keyout ${key} -out ${cert}`.split(/\s+/),
    { stdio: 'ignore' },
  );
  return { key: readFileSync(key), cert: readFileSync(cert) };
}

/** What the kubelet puts into a pod for its service account, laid out as it does: links to a directory that it swaps. */
export class ServiceAccountVolume {
  private turn = 0;

  /** @param directory of the volume, such as `…/var/run/secrets/kubernetes.io/serviceaccount` */
  constructor(
    private readonly directory: string,
    private readonly certificate: Buffer,
    token: string,
  ) {
    mkdirSync(directory, { recursive: true });
    this.put(token);
    for (const name of ['token', 'ca.crt', 'namespace']) {
      symlinkSync(join('..data', name), join(directory, name));
    }
  }

  /** Puts another token in the place of the one there is, in one step. */
  put(token: string): void {
    const written = `..2026_11_22_10_00_0${++this.turn}`;
    const path = join(this.directory, written);
    mkdirSync(path);
    writeFileSync(join(path, 'token'), token);
    writeFileSync(join(path, 'ca.crt'), this.certificate);
    writeFileSync(join(path, 'namespace'), 'ktape');
    const link = join(this.directory, '..data_tmp');
    symlinkSync(written, link);
    renameSync(link, join(dirname(path), '..data'));
    if (this.turn > 1)
      rmSync(join(this.directory, `..2026_11_22_10_00_0${this.turn - 1}`), { recursive: true });
  }
}
