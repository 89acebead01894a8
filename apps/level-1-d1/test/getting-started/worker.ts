import { type Client, connect, type Env } from '../../src/client';

/** The recipes of docs/getting-started.md, one for each path. */
const RECIPES: Readonly<Record<string, (prisma: Client) => Promise<unknown>>> = {
  async strategy(prisma) {
    // Fresh for ten seconds unless a write makes it wrong, and under a label of your own.
    const front = await prisma.post.findMany({
      where: { published: true },
      cacheStrategy: { ttl: 10, tags: ['front'] },
    });
    // From the database, and nothing is stored.
    const total = await prisma.post.count({ cacheStrategy: false });
    return { front: front.length, total };
  },

  async tag(prisma) {
    await prisma.$invalidateCache({ tags: ['front'] });
    return null;
  },

  async model(prisma) {
    await prisma.$invalidateCache('Post');
    return null;
  },

  async everything(prisma) {
    await prisma.$invalidateCache();
    return null;
  },

  async explain(prisma) {
    const { scopes } = await prisma.$explain({
      model: 'Post',
      action: 'findMany',
      args: { include: { comments: true } },
    });
    return scopes.map(({ scope }) => scope);
  },

  create: (prisma) =>
    prisma.post.create({ data: { title: 'Title', content: 'Content', published: true } }),
};

export default {
  async fetch(request: Request, env: Env, ctx: ExecutionContext): Promise<Response> {
    const prisma = connect(env, ctx, {
      onInvalidate: (model, { scopes }) => console.log(`${model} invalidates ${scopes.join(' ')}`),
      onError: (error, operation) => console.error(`cache: ${operation} failed`, error),
    });
    const recipe = RECIPES[new URL(request.url).pathname.slice(1)];
    if (recipe === undefined) return new Response('No such recipe', { status: 404 });
    const result = await recipe(prisma);
    // What is stored after a response is there before the next request.
    await prisma.$cleanup();
    return Response.json(result);
  },
};
