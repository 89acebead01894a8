import { createApp } from 'level-3-pro/app';
import { connectTo } from './client';
import { twoTiers } from './stores';

export default createApp(connectTo(twoTiers));
