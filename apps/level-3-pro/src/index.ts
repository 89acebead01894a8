import { createApp } from './app';
import { connect } from './client';

export default createApp(connect);
