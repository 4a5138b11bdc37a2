import { describe } from 'vitest';
import { expectGrowth } from '../growth/expect.ts';

describe('the work of an analysis', () => expectGrowth(4, 16));
