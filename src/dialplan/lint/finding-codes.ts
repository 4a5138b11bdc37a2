import type { Level } from '../../findings/finding.ts';
import type { RejectionCode } from '../read/rejection-table.ts';

/** The codes and levels of our findings for Asterisk's messages at load. Asterisk calls nearly all of it a warning. */
export const REJECTION_LEVELS: Readonly<Partial<Record<RejectionCode, Level>>> = {
  'dialplan-unclosed-application': 'warning',
  'dialplan-greedy-pattern': 'warning',
  'dialplan-duplicate-label': 'warning',
  'dialplan-aliased-label': 'warning',
  'dialplan-include-twice': 'warning',
  'dialplan-ignorepat-twice': 'warning',
  'dialplan-switch-twice': 'warning',
  'dialplan-included-twice': 'warning',
  'dialplan-unknown-include': 'warning',
  'dialplan-exec-disabled': 'info',
  'dialplan-duplicate-caller': 'info',
  'dialplan-unknown-switch': 'warning',
};
