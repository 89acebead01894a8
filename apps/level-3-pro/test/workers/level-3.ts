import { createApp } from '../../src/app';
import { connect } from '../../src/client';
import { inDataCentre } from './data-centre.ts';

export default inDataCentre((hooks) => createApp(connect, hooks));
