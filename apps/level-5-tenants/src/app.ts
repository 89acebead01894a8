import { sValidator } from '@hono/standard-validator';
import { Hono } from 'hono';
import { HTTPException } from 'hono/http-exception';
import { isBoostError, readTicket, setTicketCookie } from 'prisma-boost';
import type { Client, connect, Env } from './client';
import { id, patch, price, replacement } from './input';
import { getSession } from './session';

interface Variables {
  prisma: Client;
  /** Whose rows the caller may see and change: in every `where`. */
  owner: { readonly tenantId?: string };
}

type Connect = (
  env: Env,
  ctx: ExecutionContext,
  options: Pick<Parameters<typeof connect>[2], 'caller' | 'ticket'>,
) => Client;

/** Posts of tenants, and prices of all, with a client for each request. */
export function createApp(makeClient: Connect): Hono<{ Bindings: Env; Variables: Variables }> {
  const app = new Hono<{ Bindings: Env; Variables: Variables }>();

  app.onError((error, c) => {
    if (error instanceof HTTPException) return error.getResponse();
    if (isBoostError(error) && error.code.startsWith('BOOST_TENANT_')) {
      return c.json({ error: error.code }, 400);
    }
    if ('code' in error && error.code === 'P2025') return c.json({ error: error.code }, 404);
    throw error;
  });

  app.use(async (c, next) => {
    const caller = getSession(c.req.raw);
    const ticket = readTicket(c.req.raw);
    const prisma = makeClient(c.env, c.executionCtx as ExecutionContext, { caller, ticket });
    c.set('prisma', prisma);
    await next();
    setTicketCookie(c.res.headers, prisma.$session.ticket(), c.req.raw);
  });

  app.use('/posts/*', async (c, next) => {
    const caller = getSession(c.req.raw);
    if (caller === undefined) throw new HTTPException(401);
    c.set('owner', typeof caller.tenantId === 'string' ? { tenantId: caller.tenantId } : {});
    await next();
  });

  app.get('/posts', async (c) =>
    c.json(await c.var.prisma.post.findMany({ where: c.var.owner, orderBy: { id: 'asc' } })),
  );

  app.get('/posts/:id', sValidator('param', id), async (c) => {
    const where = { ...c.req.valid('param'), ...c.var.owner };
    const found = await c.var.prisma.post.findUnique({ where });
    return found === null ? c.notFound() : c.json(found);
  });

  app.patch('/posts/:id', sValidator('param', id), sValidator('json', patch), async (c) => {
    const where = { ...c.req.valid('param'), ...c.var.owner };
    return c.json(await c.var.prisma.post.update({ where, data: c.req.valid('json') }));
  });

  // Which rows a raw statement changes nobody knows: it invalidates all posts that its tenant can see.
  app.post('/posts/replacements', sValidator('json', replacement), async (c) => {
    const { tenantId } = c.var.owner;
    if (tenantId === undefined) throw new HTTPException(403);
    const { from, to } = c.req.valid('json');
    const changed = await c.var.prisma.$executeRaw`
      UPDATE "Post" SET "content" = REPLACE("content", ${from}, ${to}) WHERE "tenantId" = ${tenantId}`;
    return c.json({ changed });
  });

  app.get('/plans', async (c) =>
    c.json(await c.var.prisma.plan.findMany({ orderBy: { id: 'asc' } })),
  );

  app.patch('/plans/:id', sValidator('param', id), sValidator('json', price), async (c) => {
    if (getSession(c.req.raw)?.tenantId !== null) throw new HTTPException(403);
    const where = c.req.valid('param');
    return c.json(await c.var.prisma.plan.update({ where, data: c.req.valid('json') }));
  });

  return app;
}
