import { parseConfig, type ReadOperation, type Schema, type WriteOperation } from '@boost/core';

/** The schema of the Lobsters workload, in the form that `prisma generate` writes. */
export const lobsters: Schema = parseConfig({
  format: 1,
  schemaHash: 'lobsters',
  provider: 'sqlite',
  relationMode: 'foreignKeys',
  models: {
    User: 'm|id:I+ username:S karma:I=0 lastLogin:T?|#id username|stories<Story.author[] comments<Comment.author[] votes<Vote.user[]|',
    Story:
      'm|id:I+ title:S hotness:F=0 score:I=0 commentCount:I=0 createdAt:T+ authorId:I|#id|author>User.stories(authorId=id)RC comments<Comment.story[] taggings<Tagging.story[] votes<Vote.story[]|+hotness',
    Comment:
      'm|id:I+ text:S score:I=0 createdAt:T+ storyId:I authorId:I|#id|story>Story.comments(storyId=id)RC author>User.comments(authorId=id)RC votes<Vote.comment[]|',
    Tagging:
      'm|id:I+ storyId:I tagId:I|#id|story>Story.taggings(storyId=id)RC tag>Tag.taggings(tagId=id)RC|',
    Tag: 'm|id:I+ name:S|#id name|taggings<Tagging.tag[]|',
    Vote: 'm|id:I+ vote:I userId:I storyId:I? commentId:I?|#id|user>User.votes(userId=id)RC story>Story.votes(storyId=id)LC? comment>Comment.votes(commentId=id)LC?|',
  },
});

const author = { select: { username: true } };
const createdAt = new Date(0);
const story = (id: number): Record<string, unknown> => ({
  id,
  title: 'A title of ordinary length',
  hotness: 1.5,
  score: 3,
  commentCount: 8,
  createdAt,
  authorId: 4,
  author: { id: 4, username: 'alice' },
  taggings: [{ id: 1, storyId: id, tagId: 2, tag: { id: 2, name: 'programming' } }],
});

/** The reads of the workload's pages with results of typical size. */
export const reads: readonly { readonly operation: ReadOperation; readonly result: unknown }[] = [
  {
    operation: {
      model: 'Story',
      action: 'findUnique',
      args: { where: { id: 1 }, include: { author, taggings: { include: { tag: true } } } },
    },
    result: story(1),
  },
  {
    operation: {
      model: 'Comment',
      action: 'findMany',
      args: { where: { storyId: 1 }, include: { author } },
    },
    result: Array.from({ length: 8 }, (_, id) => ({
      id,
      text: 'A comment',
      score: 1,
      createdAt,
      storyId: 1,
      authorId: id,
      author: { id, username: 'bob' },
    })),
  },
  {
    operation: {
      model: 'Story',
      action: 'findMany',
      args: {
        orderBy: { hotness: 'desc' },
        take: 25,
        include: { author, taggings: { include: { tag: true } } },
      },
    },
    result: Array.from({ length: 25 }, (_, id) => story(id)),
  },
  {
    operation: { model: 'User', action: 'findUnique', args: { where: { username: 'alice' } } },
    result: { id: 4, username: 'alice', karma: 7, lastLogin: null },
  },
  {
    operation: { model: 'Comment', action: 'count', args: { where: { authorId: 4 } } },
    result: 12,
  },
];

/** The writes of the workload's pages. */
export const writes: readonly WriteOperation[] = [
  { model: 'Vote', action: 'create', args: { data: { vote: 1, userId: 1, storyId: 2 } } },
  {
    model: 'Story',
    action: 'update',
    args: { where: { id: 2 }, data: { score: { increment: 1 }, hotness: 2 } },
  },
  {
    model: 'User',
    action: 'update',
    args: { where: { id: 4 }, data: { karma: { increment: 1 } } },
  },
  { model: 'Comment', action: 'create', args: { data: { text: 'x', storyId: 2, authorId: 1 } } },
];
