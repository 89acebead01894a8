import { Hono } from 'hono';
import { type ApiVariables, createRoutes } from 'level-1-d1/api';
import type { Client, Env, Hooks } from 'level-1-d1/client';
import { readTicket, setTicketCookie } from 'prisma-boost';

export interface ConnectOptions {
  /** What the caller's session was given by an earlier request. */
  readonly ticket?: string | undefined;
  readonly hooks?: Hooks;
}

/** Makes the client of one request. */
export type Connect<Bindings extends Env = Env> = (
  env: Bindings,
  ctx: ExecutionContext,
  options: ConnectOptions,
) => Client;

/** The API of level 1. A cookie carries the session, so that a caller sees its own writes wherever it asks next. */
export function createApp<Bindings extends Env>(
  connect: Connect<Bindings>,
  hooks: Hooks = {},
): Hono<{ Bindings: Bindings; Variables: ApiVariables }> {
  const app = new Hono<{ Bindings: Bindings; Variables: ApiVariables }>();

  app.use(async (c, next) => {
    const ctx = c.executionCtx as ExecutionContext;
    const prisma = connect(c.env, ctx, { ticket: readTicket(c.req.raw), hooks });
    c.set('prisma', prisma);
    await next();
    setTicketCookie(c.res.headers, prisma.$session.ticket(), c.req.raw);
  });

  app.route('/', createRoutes());
  return app;
}
