import { Hono } from 'hono';
import { type ApiVariables, createRoutes } from 'level-1-d1/api';
import type { Env, Hooks } from 'level-1-d1/client';
import { readTicket, setTicketCookie } from 'prisma-boost';
import { connect } from './client';

/** The API of level 1. A cookie carries the session, so that a caller sees its own writes wherever it asks next. */
export function createApp(hooks: Hooks = {}): Hono<{ Bindings: Env; Variables: ApiVariables }> {
  const app = new Hono<{ Bindings: Env; Variables: ApiVariables }>();

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
