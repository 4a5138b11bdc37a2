/** The last step of `npm run build`: writes the built-in templates to where the command reads them at each start. */

import { writeFileSync } from 'node:fs';
import { builtInsOfFolders, compile } from './compile.ts';
import { COMPILED_FILE } from './compiled.ts';

writeFileSync(COMPILED_FILE, JSON.stringify(compile(builtInsOfFolders())));
