import { createPlanContext, type PlanContext, type PlanOptions } from '../../src/plan/context.js';
import type { Args, ReadAction, WriteAction, WriteRunner } from '../../src/plan/plan.js';
import { planRead } from '../../src/plan/read.js';
import { planWrite } from '../../src/plan/write.js';
import { parseConfig } from '../../src/schema/parse.js';
import type { Schema } from '../../src/schema/schema.js';
import type { Granularity, Scope } from '../../src/scope/scope.js';

/**
 * A blog: users write posts and comments, posts have tags (implicit many-to-many), a comment may answer another, a user has one
 * profile. Deleting a user sets its posts' author to null and deletes its comments; deleting a post deletes its comments.
 */
export const blog: Schema = parseConfig({
  format: 1,
  schemaHash: 'blog',
  provider: 'postgresql',
  relationMode: 'foreignKeys',
  models: {
    User: 'm|id:I+ email:S name:S? karma:I=0 updatedAt:T^|#id email|posts<Post.author[] comments<Comment.author[] profile<Profile.user|',
    Profile: 'm|id:I+ bio:S userId:I?|#id userId|user>User.profile(userId=id)LC?|',
    Post: 'm|id:I+ title:S published:B=false views:I=0 authorId:I?|#id|author>User.posts(authorId=id)LC? comments<Comment.post[] tags*Tag.posts:_PostToTag:A|',
    Comment:
      'm|id:I+ text:S postId:I authorId:I parentId:I?|#id|post>Post.comments(postId=id)CC author>User.comments(authorId=id)CC parent>Comment.answers(parentId=id)CC? answers<Comment.parent[]|',
    Tag: 'm|id:I+ name:S|#id name|posts*Post.tags:_PostToTag:B|',
    _PostToTag: 'j|A:I B:I|#A_B=A,B||+A +B',
  },
});

export function context(granularity: Granularity, options: PlanOptions = {}): PlanContext {
  const limits = { granularity, maxScopes: 1000, maxBulkRows: 600, maxParameters: 1000 };
  return createPlanContext(blog, limits, options);
}

export function dependencies(
  planned: PlanContext,
  model: string,
  action: ReadAction,
  args: Args,
  result: unknown,
): readonly Scope[] {
  return planRead(planned, { model, action, args }).dependencies(result);
}

/** Runs a planned write over a database that answers what the test says. */
export async function bumps(
  planned: PlanContext,
  model: string,
  action: WriteAction,
  args: Args,
  answers: { result?: unknown; images?: readonly Record<string, unknown>[] } = {},
): Promise<readonly Scope[]> {
  const runner: WriteRunner = {
    run: () => Promise.resolve(structuredClone(answers.result)),
    isNotFound: () => false,
    images: { findMany: () => Promise.resolve(answers.images ?? []) },
  };
  const outcome = await planWrite(planned, { model, action, args }).execute(runner);
  return outcome.bumps;
}

export function meets(read: readonly Scope[], write: readonly Scope[]): boolean {
  return write.some((scope) => read.includes(scope));
}
