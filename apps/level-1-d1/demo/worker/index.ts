import { createApi } from '../../src/api';
import { connect } from '../../src/client';
import { metered } from './metered.ts';

export default metered({
  createCachedApi: (hooks) => createApi((env, ctx) => connect(env, ctx, hooks)),
});
