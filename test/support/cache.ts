import { tmpdir } from 'node:os';
import path from 'node:path';

/** What tests leave in the cache is nobody's. */
process.env['XDG_CACHE_HOME'] = path.join(tmpdir(), 'wdev-test-cache');
