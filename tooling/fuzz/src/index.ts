export { Decimal, DbNull, JsonNull, AnyNull } from '@prisma/client/runtime/client';
export { reference } from './reference.ts';
export { replayCase, write, type PastedCase } from './replay-case.ts';
