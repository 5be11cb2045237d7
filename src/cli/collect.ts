import type { Command } from 'commander';
import type { Collected } from '../collect/collect.js';
import { counted } from '../report/counted.js';
import { toolName } from '../tape/tool.js';
import { say } from './say.js';
import type { Terminal } from './terminal.js';

interface Options {
  readonly output: string;
  readonly namespace: string;
  readonly selector: string;
  readonly path: string;
  readonly container?: string;
  readonly kubeconfig?: string;
  readonly context?: string;
}

/** `ktape collect`. */
export function defineCollect(
  command: Command,
  terminal: Terminal,
  setStatus: (status: number) => void,
): void {
  command
    .requiredOption('-o, --output <tape>', 'directory of the new tape')
    .option('-n, --namespace <name>', 'namespace of the recorders', 'ktape')
    .option('-l, --selector <labels>', 'labels of their pods', 'app.kubernetes.io/name=ktape')
    .option('--path <dir>', 'directory of the tape in the pods', '/tape')
    .option('--container <name>', "container that has it (default: the pod's default container)")
    .option('--kubeconfig <file>', 'how to reach the cluster (default: as kubectl does)')
    .option('--context <name>', 'context of the kubeconfig')
    .addHelpText('after', HELP)
    .action(async ({ kubeconfig, context, ...options }: Options) => {
      // The client library takes a second to load: only this command is to pay for it.
      const [{ loadCluster }, { collect }] = await Promise.all([
        import('../collect/cluster.js'),
        import('../collect/collect.js'),
      ]);
      const config = loadCluster(kubeconfig, context);
      const tell = (line: string) => say(terminal, [line]);
      const collected = await collect(
        config,
        { ...options, tool: toolName() },
        { onPod: (pod) => tell(lineOf(pod)), onNotice: tell, onExit: terminal.onExit },
      );
      const failed = collected.filter(({ failure }) => failure !== undefined).length;
      const missing = failed === 0 ? '' : `; ${counted(failed, 'pod')} missing`;
      await tell(`${options.output}: ${counted(collected.length - failed, 'recorder')} merged${missing}`);
      if (failed > 0) setStatus(1);
    });
}

function lineOf({ pod, node, failure, segments, bytes }: Collected): string {
  const where = node === '' ? pod : `${pod} on ${node}`;
  return failure === undefined
    ? `${where}: ${counted(segments, 'segment')}, ${counted(bytes, 'byte')}`
    : `${where}: NOT FETCHED, ${failure}`;
}

const HELP = `
Every segment's SHA-256 is compared with its tape.json. A pod whose tape cannot
be had is named, the others are kept, and the exit status is 1. Recorders may
still run: what they have sealed is fetched. You need to be allowed to list pods
and to create pods/exec in the namespace.

Example:
  ktape collect -o incident.tape && ktape info incident.tape`;
