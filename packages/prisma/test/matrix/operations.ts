/** One call of a model operation. */
export interface Operation {
  readonly model: string;
  readonly action: string;
  readonly args?: object;
}

const op = (model: string, action: string, args?: object): Operation =>
  args === undefined ? { model, action } : { model, action, args };

/** Every read operation, with every way that one model's rows show in, or decide, another's result. */
export const READS: Readonly<Record<string, Operation>> = {
  'a row': op('user', 'findUnique', { where: { id: 1 } }),
  'a row by another key': op('user', 'findUnique', { where: { email: 'ann@example.org' } }),
  'a row or an error': op('user', 'findUniqueOrThrow', { where: { id: 2 } }),
  'no row': op('post', 'findUnique', { where: { id: 99 } }),
  'no tag': op('tag', 'findUnique', { where: { label: 'new' } }),
  'a row by a compound key': op('orderItem', 'findUnique', {
    where: { orderId_sku: { orderId: 1, sku: 'a' } },
  }),
  'the first': op('post', 'findFirst', { where: { published: true }, orderBy: { title: 'desc' } }),
  'the first or an error': op('tag', 'findFirstOrThrow', { orderBy: { label: 'asc' } }),
  'a list': op('post', 'findMany'),
  'an empty list': op('post', 'findMany', { where: { title: { startsWith: 'new' } } }),
  'a page': op('post', 'findMany', { orderBy: [{ viewCount: 'desc' }, { id: 'asc' }], take: 2 }),
  'a page from a cursor': op('post', 'findMany', {
    cursor: { id: 2 },
    take: 2,
    skip: 1,
    orderBy: { id: 'asc' },
  }),
  'distinct values': op('post', 'findMany', { distinct: ['authorId'], orderBy: { id: 'asc' } }),
  // Ordered: where an update leaves what is shown alone, the order that a database happens to have may change all the same.
  'few fields': op('post', 'findMany', { select: { title: true }, orderBy: { id: 'asc' } }),
  'all but a field': op('user', 'findMany', { omit: { password: true } }),
  'one-to-many': op('post', 'findMany', { include: { comments: { orderBy: { id: 'asc' } } } }),
  'many-to-one': op('comment', 'findMany', { include: { post: { include: { author: true } } } }),
  'one-to-one': op('user', 'findMany', { include: { profile: true } }),
  'many-to-many': op('tag', 'findMany', { include: { posts: { where: { published: true } } } }),
  'a self-relation': op('user', 'findMany', {
    select: { name: true, manager: true, reports: true },
    orderBy: { id: 'asc' },
  }),
  counts: op('user', 'findMany', {
    include: { _count: { select: { posts: true, comments: true } } },
  }),
  'counts of a join': op('tag', 'findMany', { include: { _count: true } }),
  'a filter through a relation': op('user', 'findMany', {
    where: { posts: { some: { comments: { none: { content: 'First' } } } } },
  }),
  'a filter through a join': op('post', 'findMany', { where: { tags: { every: { id: 1 } } } }),
  'an order by a relation': op('comment', 'findMany', {
    orderBy: [{ author: { name: 'desc' } }, { id: 'asc' }],
    take: 2,
  }),
  'a count': op('comment', 'count', { where: { authorId: 1 } }),
  'rows below a cascade': op('like', 'findMany', { orderBy: { id: 'asc' } }),
  'counts of fields': op('user', 'count', { select: { _all: true, managerId: true } }),
  sums: op('post', 'aggregate', { _sum: { viewCount: true }, _max: { title: true }, _count: true }),
  'a sum of Decimals': op('user', 'aggregate', { _sum: { balance: true, visits: true } }),
  groups: op('post', 'groupBy', {
    by: ['authorId'],
    _count: { _all: true },
    orderBy: { authorId: 'asc' },
    having: { viewCount: { _avg: { gte: 0 } } },
  }),
};

/** Every write operation, nested writes and what the database does by itself. */
export const WRITES: Readonly<Record<string, Operation>> = {
  create: op('tag', 'create', { data: { label: 'new' } }),
  'create a page': op('post', 'create', { data: { id: 99, title: 'new', authorId: 1 } }),
  'create with everything nested': op('user', 'create', {
    data: {
      email: 'new@example.org',
      manager: { connect: { id: 2 } },
      reports: { connect: [{ id: 1 }] },
      profile: { create: { bio: 'new' } },
      posts: {
        create: {
          title: 'new post',
          published: true,
          viewCount: 100,
          comments: { createMany: { data: [{ content: 'a' }, { content: 'b' }] } },
          tags: {
            connect: { id: 2 },
            connectOrCreate: { where: { id: 7 }, create: { id: 7, label: 'seven' } },
          },
        },
      },
    },
  }),
  createMany: op('orderItem', 'createMany', { data: [{ orderId: 2, sku: 'a', quantity: 5 }] }),
  createManyAndReturn: op('comment', 'createManyAndReturn', {
    data: [
      { content: 'x', postId: 1, authorId: 1 },
      { content: 'y', postId: 11 },
    ],
    select: { content: true },
  }),
  update: op('post', 'update', { where: { id: 1 }, data: { title: 'new title' } }),
  'update that shows relations': op('post', 'update', {
    where: { id: 1 },
    data: { viewCount: { increment: 7 } },
    include: { author: true, tags: true },
  }),
  'update of a row by another key': op('user', 'update', {
    where: { email: 'bob@example.org' },
    data: { balance: '99.99', visits: 5n, role: 'ADMIN' },
  }),
  'a moved key': op('comment', 'update', { where: { id: 1 }, data: { postId: 2 } }),
  'a key moved by connect': op('comment', 'update', {
    where: { id: 1 },
    data: { post: { connect: { id: 11 } }, author: { disconnect: true } },
  }),
  'a changed compound key': op('orderItem', 'update', {
    where: { orderId_sku: { orderId: 1, sku: 'a' } },
    data: { sku: 'z' },
  }),
  'a changed referenced key': op('post', 'update', { where: { id: 1 }, data: { id: 77 } }),
  'nested writes of every kind': op('user', 'update', {
    where: { id: 1 },
    data: {
      name: 'anna',
      profile: { update: { bio: 'changed' } },
      posts: {
        update: { where: { id: 1 }, data: { published: false } },
        updateMany: { where: { published: false }, data: { viewCount: 3 } },
        upsert: {
          where: { id: 2 },
          create: { title: 'never' },
          update: { comments: { deleteMany: {} } },
        },
        create: { title: 'new one' },
      },
      comments: { set: [] },
      reports: { connect: { id: 2 } },
    },
  }),
  'set on a join': op('post', 'update', { where: { id: 1 }, data: { tags: { set: [] } } }),
  'connect and disconnect on a join': op('tag', 'update', {
    where: { id: 1 },
    data: { posts: { disconnect: { id: 1 }, connect: { id: 2 } } },
  }),
  'nested delete': op('post', 'update', {
    where: { id: 1 },
    data: { comments: { delete: { id: 1 } } },
  }),
  updateMany: op('post', 'updateMany', { where: { authorId: 1 }, data: { published: true } }),
  'updateMany that moves rows': op('comment', 'updateMany', {
    where: { postId: 1 },
    data: { postId: 11, authorId: null },
  }),
  updateManyAndReturn: op('post', 'updateManyAndReturn', {
    where: { published: true },
    data: { viewCount: { increment: 1 } },
    select: { id: true },
  }),
  'upsert that creates': op('tag', 'upsert', {
    where: { label: 'new' },
    create: { label: 'new', posts: { connect: { id: 1 } } },
    update: { label: 'newer' },
  }),
  'upsert that updates': op('user', 'upsert', {
    where: { id: 2 },
    create: { email: 'never@example.org' },
    update: { managerId: null, name: null },
  }),
  delete: op('comment', 'delete', { where: { id: 1 } }),
  'delete with two levels of cascade': op('post', 'delete', { where: { id: 1 } }),
  'delete with three levels of cascade': op('user', 'delete', { where: { id: 2 } }),
  'delete that sets null': op('user', 'delete', { where: { id: 1 }, include: { posts: true } }),
  'delete of a joined row': op('tag', 'delete', { where: { id: 1 } }),
  deleteMany: op('post', 'deleteMany', { where: { published: false } }),
  'deleteMany of everything': op('comment', 'deleteMany'),
};
