import { createApi } from 'level-1-d1/api';
import { connect } from 'level-1-d1/client';
import { inDataCentre } from './data-centre.ts';

export default inDataCentre((hooks) => createApi((env, ctx) => connect(env, ctx, hooks)));
