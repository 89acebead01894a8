import type { Args, ReadAction, ReadOperation, WriteOperation } from '@boost/core';

/** How authors are shown: by name only, or by whole rows. What a row shows decides which writes invalidate it. */
export type Authors = 'names' | 'rows';

const tags = { include: { tag: true }, orderBy: { id: 'asc' } };

function read(model: string, action: ReadAction, args: Args): ReadOperation {
  return { model, action, args };
}

/** The reads of the site's pages, as a Prisma app says them. */
export interface Reads {
  readonly story: (id: number) => readonly ReadOperation[];
  readonly front: () => ReadOperation;
  readonly recent: () => ReadOperation;
  readonly comments: () => ReadOperation;
  readonly user: (id: number, username: string) => readonly ReadOperation[];
  readonly votesOnStory: (userId: number, storyId: number) => ReadOperation;
  readonly votesOnStories: (userId: number, ids: readonly number[]) => ReadOperation;
}

export function readsShowing(authors: Authors): Reads {
  const author = authors === 'names' ? { select: { username: true } } : true;
  const story = { author, taggings: tags };
  return {
    story: (id) => [
      read('Story', 'findUnique', { where: { id }, include: story }),
      read('Comment', 'findMany', {
        where: { storyId: id },
        orderBy: [{ score: 'desc' }, { id: 'asc' }],
        include: { author },
      }),
    ],
    front: () =>
      read('Story', 'findMany', {
        orderBy: [{ hotness: 'desc' }, { id: 'desc' }],
        take: 25,
        include: story,
      }),
    recent: () =>
      read('Story', 'findMany', {
        orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
        take: 25,
        include: story,
      }),
    comments: () =>
      read('Comment', 'findMany', {
        orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
        take: 40,
        include: { author },
      }),
    user: (id, username) => [
      read('User', 'findUnique', { where: { username } }),
      read('Story', 'count', { where: { authorId: id } }),
      read('Comment', 'count', { where: { authorId: id } }),
    ],
    votesOnStory: (userId, storyId) =>
      read('Vote', 'findMany', { where: { userId, storyId }, orderBy: { id: 'asc' } }),
    votesOnStories: (userId, ids) =>
      read('Vote', 'findMany', {
        where: { userId, storyId: { in: ids }, commentId: null },
        orderBy: { id: 'asc' },
      }),
  };
}

function update(model: string, id: number, data: Args): WriteOperation {
  return { model, action: 'update', args: { where: { id }, data } };
}

function create(model: string, data: Args): WriteOperation {
  return { model, action: 'create', args: { data } };
}

/** The writes of a page, in the order in which the app awaits them. */
export const writes: {
  storyVote: (
    userId: number,
    storyId: number,
    authorId: number,
    hotness: number,
  ) => readonly WriteOperation[];
  commentVote: (
    userId: number,
    storyId: number,
    commentId: number,
    authorId: number,
  ) => readonly WriteOperation[];
  comment: (data: Args, storyId: number, hotness: number) => readonly WriteOperation[];
  login: (userId: number, at: Date) => readonly WriteOperation[];
  submit: (data: Args) => readonly WriteOperation[];
} = {
  storyVote: (userId, storyId, authorId, hotness) => [
    create('Vote', { vote: 1, userId, storyId }),
    update('Story', storyId, { score: { increment: 1 }, hotness }),
    update('User', authorId, { karma: { increment: 1 } }),
  ],
  commentVote: (userId, storyId, commentId, authorId) => [
    create('Vote', { vote: 1, userId, storyId, commentId }),
    update('Comment', commentId, { score: { increment: 1 } }),
    update('User', authorId, { karma: { increment: 1 } }),
  ],
  comment: (data, storyId, hotness) => [
    create('Comment', data),
    update('Story', storyId, { commentCount: { increment: 1 }, hotness }),
  ],
  login: (userId, at) => [update('User', userId, { lastLogin: at })],
  submit: (data) => [create('Story', data)],
};
