import { createApi } from './api';
import { connect } from './client';

export default createApi(connect);
