import { declaredEntryPoints, type DeclaredEntryPoint } from '../readers/python/packaging.ts';
import type { Subject } from './subject.ts';

/** Entry points that the plugin's packaging declares, as far as they are literal. */
export function entryPointsOf({ python }: Subject): readonly DeclaredEntryPoint[] {
  return declaredEntryPoints(python?.files ?? {});
}
