import { tmpdir } from 'node:os';
import path from 'node:path';

/** Gives the tests a cache of their own, that is nobody's. */
process.env['XDG_CACHE_HOME'] = path.join(tmpdir(), 'wdev-test-cache');
