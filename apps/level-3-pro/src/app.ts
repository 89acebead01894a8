import { Hono } from 'hono';
import { getCookie, setCookie } from 'hono/cookie';
import { type ApiVariables, createRoutes } from 'level-1-d1/api';
import type { Env, Hooks } from 'level-1-d1/client';
import { connect } from './client';

const TICKET = 'boost-ticket';

/** The API of level 1. A cookie carries the session, so that a caller sees its own writes wherever it asks next. */
export function createApp(hooks: Hooks = {}): Hono<{ Bindings: Env; Variables: ApiVariables }> {
  const app = new Hono<{ Bindings: Env; Variables: ApiVariables }>();

  app.use(async (c, next) => {
    const ctx = c.executionCtx as ExecutionContext;
    const prisma = connect(c.env, ctx, { ticket: getCookie(c, TICKET), hooks });
    c.set('prisma', prisma);
    await next();
    const ticket = prisma.$session.ticket();
    if (ticket !== '') setCookie(c, TICKET, ticket, { httpOnly: true, sameSite: 'Lax' });
  });

  app.route('/', createRoutes());
  return app;
}
