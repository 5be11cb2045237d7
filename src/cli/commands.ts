import type { Command } from 'commander';
import type { Terminal } from './terminal.js';

/** Gives a command its options and says what it does. */
type Define = (command: Command, terminal: Terminal, setStatus: (status: number) => void) => void;

interface Listed {
  readonly name: string;
  readonly description: string;
  /** Loads what defines it: only for the command that is run, as all of them load for half a second. */
  readonly load: () => Promise<Define>;
}

/** The commands, in the order in which the help lists them. */
export const COMMANDS: readonly Listed[] = [
  {
    name: 'record',
    description: 'record this node to a tape (ktape record --help)',
    load: async () => (await import('./recorder.js')).defineRecorder,
  },
  {
    name: 'doctor',
    description: 'say what of this node can be recorded, and what not',
    load: async () => (await import('./recorder.js')).defineRecorder,
  },
  {
    name: 'pin',
    description: 'save a stretch of a running recording from being removed',
    load: async () => (await import('./pin.js')).definePin,
  },
  {
    name: 'collect',
    description: "merge the tapes of a cluster's recorders into one",
    load: async () => (await import('./collect.js')).defineCollect,
  },
  {
    name: 'import',
    description: "make a tape of other tools' files",
    load: async () => (await import('./import.js')).defineImport,
  },
  {
    name: 'merge',
    description: 'make one tape of several',
    load: async () => (await import('./merge.js')).defineMerge,
  },
  {
    name: 'cut',
    description: 'make a tape of a part of another',
    load: async () => (await import('./cut.js')).defineCut,
  },
  {
    name: 'export',
    description: "give a tape's content to other tools",
    load: async () => (await import('./export.js')).defineExport,
  },
  {
    name: 'info',
    description: 'say what a tape holds: nodes, sources, tables',
    load: async () => (await import('./info.js')).defineInfo,
  },
  {
    name: 'verify',
    description: 'check that a tape is whole and says what it holds',
    load: async () => (await import('./verify.js')).defineVerify,
  },
  {
    name: 'share',
    description: 'write a tape that others may have: names, addresses and secrets replaced',
    load: async () => (await import('./share.js')).defineShare,
  },
  {
    name: 'unmask',
    description: 'turn the words of a shared tape in a text back into what they stand for',
    load: async () => (await import('./unmask.js')).defineUnmask,
  },
  {
    name: 'schema',
    description: 'list tables, views and columns, with what they mean',
    load: async () => (await import('./schema.js')).defineSchema,
  },
  {
    name: 'queries',
    description: 'list the canned questions, or show one',
    load: async () => (await import('./queries.js')).defineQueries,
  },
  {
    name: 'report',
    description: 'answer a canned question (ktape queries lists them)',
    load: async () => (await import('./report.js')).defineReport,
  },
  {
    name: 'sql',
    description: 'ask in SQL (DuckDB), reading only',
    load: async () => (await import('./sql.js')).defineSql,
  },
  {
    name: 'policy',
    description: 'ask who may talk to whom, of a tape or of manifests',
    load: async () => (await import('./policy.js')).definePolicy,
  },
];
