/** A system call as strace saw it. */
export interface SystemCall {
  readonly name: string;
  /** What stood between the brackets, as far as it was known. */
  readonly args: string;
  /** What it returned; undefined while it runs, and where the process was killed in it. */
  readonly result: number | undefined;
}

/** A call begins or returns: calls of several threads overlap. */
export interface Moment {
  readonly kind: 'begins' | 'returns';
  readonly call: SystemCall;
}

const BEGUN = /^(\d+) +(\w+)\((.*) <unfinished \.\.\.>$/s;
const RESUMED = /^(\d+) +<\.\.\. (\w+) resumed>(.*)$/s;
const WHOLE = /^(\d+) +(\w+)\((.*)$/s;
const RETURNED = /^(.*)\) += (-?\d+|\?)/s;

/** Reads what `strace -f -y -xx -o` wrote: what happened, in its order. */
export function readStrace(text: string): Moment[] {
  const moments: Moment[] = [];
  const running = new Map<string, string>();
  const returns = (name: string, rest: string) => {
    const [, args = rest, result] = RETURNED.exec(rest) ?? [];
    moments.push({
      kind: 'returns',
      call: { name, args, result: result === '?' ? undefined : Number(result) },
    });
  };
  for (const line of text.split('\n')) {
    const begun = BEGUN.exec(line);
    const resumed = RESUMED.exec(line);
    const whole = WHOLE.exec(line);
    if (begun !== null) {
      const [, thread = '', name = '', args = ''] = begun;
      running.set(thread, args);
      moments.push({ kind: 'begins', call: { name, args, result: undefined } });
    } else if (resumed !== null) {
      const [, thread = '', name = '', rest = ''] = resumed;
      returns(name, `${running.get(thread) ?? ''}${rest}`);
      running.delete(thread);
    } else if (whole !== null) {
      const [, , name = '', rest = ''] = whole;
      moments.push({ kind: 'begins', call: { name, args: rest, result: undefined } });
      returns(name, rest);
    }
  }
  return moments;
}

/** The file or socket of the first argument, such as `/tape/tape.json` or `socket:[4711]`. */
export function fileOf({ args }: SystemCall): string {
  return fromHex(/^\d+<(.*?)>/.exec(args)?.[1] ?? '').toString();
}

/** The strings among the arguments, as bytes; strace cuts long ones short. */
export function stringsOf({ args }: SystemCall): Buffer[] {
  return [...args.matchAll(/"(.*?)"/g)].map(([, hex = '']) => fromHex(hex));
}

function fromHex(text: string): Buffer {
  return Buffer.from(text.replaceAll('\\x', ''), 'hex');
}
