import { describe } from 'vitest';
import { expectGrowth } from '../growth/expect.ts';

// test/long goes on to 16 times, where regular expressions show by their time
describe('the work of an analysis', () => expectGrowth(1, 4));
