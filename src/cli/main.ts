#!/usr/bin/env node
import { processTerminal } from './process_terminal.js';
import { run } from './run.js';

process.exitCode = await run(process.argv.slice(2), processTerminal());
