/** Commander, of which dist/ holds a copy (build.ts). */

export { Argument, Command, CommanderError, InvalidArgumentError, Option } from 'commander';
