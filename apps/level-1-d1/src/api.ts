import { sValidator } from '@hono/standard-validator';
import { Hono } from 'hono';
import { HTTPException } from 'hono/http-exception';
import type { Client, Env } from './client';
import { comment, id, move, patch, post, publication, search } from './input';

/** Makes the client of one request. */
export type Connect = (env: Env, ctx: ExecutionContext) => Client;

/** What the routes find in their context. */
export interface ApiVariables {
  prisma: Client;
}

/** Prisma's codes for what the caller asked wrongly, as HTTP statuses. */
const STATUS_OF_CODE: Readonly<Record<string, 404 | 409>> = {
  P2002: 409,
  P2003: 409,
  P2025: 404,
};

/** A blog over HTTP, with a client for each request. */
export function createApi(connect: Connect): Hono<{ Bindings: Env; Variables: ApiVariables }> {
  const api = new Hono<{ Bindings: Env; Variables: ApiVariables }>();
  api.use(async (c, next) => {
    c.set('prisma', connect(c.env, c.executionCtx as ExecutionContext));
    await next();
  });
  api.route('/', createRoutes());
  return api;
}

/** The routes of the blog. Nothing in them knows that reads are cached. */
export function createRoutes(): Hono<{ Variables: ApiVariables }> {
  const api = new Hono<{ Variables: ApiVariables }>();

  api.onError((error, c) => {
    if (error instanceof HTTPException) return error.getResponse();
    const code = 'code' in error ? String(error.code) : '';
    const status = STATUS_OF_CODE[code];
    if (status === undefined) throw error;
    return c.json({ error: code }, status);
  });

  api.get('/posts', sValidator('query', search), async (c) => {
    const { published } = c.req.valid('query');
    const where = published === undefined ? {} : { published };
    return c.json(await c.var.prisma.post.findMany({ where, orderBy: { id: 'asc' } }));
  });

  api.get('/posts/:id', sValidator('param', id), async (c) => {
    const found = await c.var.prisma.post.findUnique({
      where: c.req.valid('param'),
      include: { comments: { orderBy: { id: 'asc' } }, tags: { orderBy: { id: 'asc' } } },
    });
    return found === null ? c.notFound() : c.json(found);
  });

  api.get('/posts/:id/comments', sValidator('param', id), async (c) => {
    const where = { postId: c.req.valid('param').id };
    return c.json(await c.var.prisma.comment.findMany({ where, orderBy: { id: 'asc' } }));
  });

  api.get('/comments/:id/likes', sValidator('param', id), async (c) => {
    const where = { commentId: c.req.valid('param').id };
    return c.json({ likes: await c.var.prisma.like.count({ where }) });
  });

  api.get('/tags', async (c) =>
    c.json(
      await c.var.prisma.tag.findMany({
        orderBy: { name: 'asc' },
        include: { _count: { select: { posts: true } } },
      }),
    ),
  );

  api.post('/posts', sValidator('json', post), async (c) => {
    const { tags, comments, ...fields } = c.req.valid('json');
    const data = {
      ...fields,
      comments: { create: comments.map((content) => ({ content })) },
      tags: { connectOrCreate: tags.map((name) => ({ where: { name }, create: { name } })) },
    };
    return c.json(await c.var.prisma.post.create({ data }), 201);
  });

  api.patch('/posts/:id', sValidator('param', id), sValidator('json', patch), async (c) =>
    c.json(
      await c.var.prisma.post.update({
        where: c.req.valid('param'),
        data: c.req.valid('json'),
      }),
    ),
  );

  // D1 has no transactions: each of the two statements is a commit of its own, and stays when the other fails.
  api.post(
    '/posts/:id/publication',
    sValidator('param', id),
    sValidator('json', publication),
    async (c) => {
      const { content, commentOn } = c.req.valid('json');
      const where = c.req.valid('param');
      const [published] = await c.var.prisma.$transaction([
        c.var.prisma.post.update({ where, data: { published: true } }),
        c.var.prisma.comment.create({ data: { content, postId: commentOn ?? where.id } }),
      ]);
      return c.json(published);
    },
  );

  api.delete('/posts/:id', sValidator('param', id), async (c) => {
    const where = c.req.valid('param');
    await c.var.prisma.$transaction([
      c.var.prisma.comment.deleteMany({ where: { postId: where.id } }),
      c.var.prisma.post.delete({ where }),
    ]);
    return c.body(null, 204);
  });

  api.post(
    '/posts/:id/comments',
    sValidator('param', id),
    sValidator('json', comment),
    async (c) => {
      const data = { ...c.req.valid('json'), postId: c.req.valid('param').id };
      return c.json(await c.var.prisma.comment.create({ data }), 201);
    },
  );

  api.patch('/comments/:id', sValidator('param', id), sValidator('json', move), async (c) =>
    c.json(
      await c.var.prisma.comment.update({
        where: c.req.valid('param'),
        data: c.req.valid('json'),
      }),
    ),
  );

  api.post('/comments/:id/likes', sValidator('param', id), async (c) => {
    const data = { commentId: c.req.valid('param').id };
    return c.json(await c.var.prisma.like.create({ data }), 201);
  });

  // The database deletes the likes of the comment with it.
  api.delete('/comments/:id', sValidator('param', id), async (c) => {
    await c.var.prisma.comment.delete({ where: c.req.valid('param') });
    return c.body(null, 204);
  });

  return api;
}
