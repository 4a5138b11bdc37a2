import type { LintCode } from '../../findings/catalogue.ts';
import type { Place } from '../read/place.ts';

/** Takes a finding of the linter, at a place. */
export type Add = (code: LintCode, place: Place | undefined, values?: Record<string, string>) => void;
