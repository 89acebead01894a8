import { createApp } from '../../src/app';
import { inDataCentre } from './data-centre.ts';

export default inDataCentre(createApp);
