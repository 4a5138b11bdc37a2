import { restartsWithPerl } from './restarts.ts';

restartsWithPerl('644');
