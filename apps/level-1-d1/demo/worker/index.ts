import { createApi } from '../../src/api';
import { connect } from '../../src/client';
import { metered } from './metered.ts';
import { onD1 } from './on-d1.ts';

export default metered(onD1((hooks) => createApi((env, ctx) => connect(env, ctx, hooks))));
