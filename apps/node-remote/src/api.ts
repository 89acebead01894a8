import { sValidator } from '@hono/standard-validator';
import { Hono } from 'hono';
import { getCookie, setCookie } from 'hono/cookie';
import * as v from 'valibot';
import type { Client, Connect } from './client.ts';

const TICKET = 'boost-ticket';
const text = v.pipe(v.string(), v.minLength(1), v.maxLength(10_000));
const id = v.object({
  id: v.pipe(v.string(), v.regex(/^[1-9]\d{0,14}$/), v.transform(Number)),
});

interface ApiEnv {
  Variables: { prisma: Client };
}

/** Posts and their comments over HTTP. A cookie carries the session, so that any server shows a caller its own writes. */
export function createApi(connect: Connect): Hono<ApiEnv> {
  const api = new Hono<ApiEnv>();

  api.use(async (c, next) => {
    const prisma = connect(getCookie(c, TICKET));
    c.set('prisma', prisma);
    await next();
    const ticket = prisma.$session.ticket();
    if (ticket !== '') setCookie(c, TICKET, ticket, { httpOnly: true, sameSite: 'Lax' });
  });

  api.get('/posts', async (c) =>
    c.json(await c.var.prisma.post.findMany({ orderBy: { id: 'asc' } })),
  );

  api.get('/posts/:id', sValidator('param', id), async (c) => {
    const found = await c.var.prisma.post.findUnique({
      where: c.req.valid('param'),
      include: { comments: { orderBy: { id: 'asc' } } },
    });
    return found === null ? c.notFound() : c.json(found);
  });

  api.post('/posts', sValidator('json', v.object({ title: text })), async (c) =>
    c.json(await c.var.prisma.post.create({ data: c.req.valid('json') }), 201),
  );

  api.patch(
    '/posts/:id',
    sValidator('param', id),
    sValidator('json', v.object({ title: text })),
    async (c) => {
      const { count } = await c.var.prisma.post.updateMany({
        where: c.req.valid('param'),
        data: c.req.valid('json'),
      });
      return count === 0 ? c.notFound() : c.body(null, 204);
    },
  );

  api.post(
    '/posts/:id/comments',
    sValidator('param', id),
    sValidator('json', v.object({ content: text })),
    async (c) => {
      const { id: postId } = c.req.valid('param');
      const { content } = c.req.valid('json');
      return c.json(await c.var.prisma.comment.create({ data: { content, postId } }), 201);
    },
  );

  return api;
}
