import path from 'node:path';
import { cacheFolder } from '../../support/paths.ts';

/** Where roots, layers above them and the packages that they are made of are kept. */
export function rootsFolder(): string {
  return path.join(cacheFolder(), 'stack');
}
