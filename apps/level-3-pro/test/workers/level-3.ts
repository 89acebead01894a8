import { onD1 } from 'level-1-d1/metered/d1';
import { createApp } from '../../src/app';
import { connect } from '../../src/client';
import { inDataCentre } from './data-centre.ts';

export default inDataCentre(onD1((hooks) => createApp(connect, hooks)));
