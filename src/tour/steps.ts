import { BREAK, FIX, SAVE, WATCH } from './loop-steps.ts';
import { BUILD, REHEARSE, TAKE_OFF } from './package-steps.ts';
import { ADD_PART, CHECK, FILES, MAKE } from './plugin-steps.ts';
import type { TourStep } from './step.ts';

/** The steps of the tour, in order. */
export const TOUR_STEPS: readonly TourStep[] = [
  MAKE,
  FILES,
  WATCH,
  SAVE,
  BREAK,
  FIX,
  ADD_PART,
  CHECK,
  BUILD,
  REHEARSE,
  TAKE_OFF,
];
