import { createApp } from 'level-3-pro/app';
import { metered } from 'level-1-d1/metered';
import { onD1 } from 'level-1-d1/metered/d1';
import { connectTo } from '../../src/client';
import { threeTiers } from '../../src/stores';

export default metered(onD1((hooks) => createApp(connectTo(threeTiers), hooks)));
