import { createApi } from 'level-1-d1/api';
import { connect } from 'level-1-d1/client';
import { onD1 } from 'level-1-d1/metered/d1';
import { inDataCentre } from './data-centre.ts';

export default inDataCentre(onD1((hooks) => createApi((env, ctx) => connect(env, ctx, hooks))));
