#!/usr/bin/env node
import { runGenerator } from '@boost/generator/bin';

// Prisma starts this without arguments, and waits: nothing of the commands is loaded for it.
if (process.argv.length > 2 || process.stdin.isTTY) {
  const { main } = await import('./cli/main.js');
  await main();
} else {
  runGenerator();
}
