import { restartsWithPerl } from './restarts.ts';

restartsWithPerl('755');
