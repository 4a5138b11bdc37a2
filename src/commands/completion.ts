import { Argument, type Command } from '../cli/commander.ts';
import { printFormat } from '../terminal/output.ts';
import { SHELLS, completionScript, type Shell } from '../manual/completion-scripts.ts';

const DETAILS = `
bash  put into ~/.bashrc:                    eval "$(wdev completion bash)"
zsh   put into ~/.zshrc, behind compinit:    eval "$(wdev completion zsh)"
fish  put into ~/.config/fish/config.fish:   wdev completion fish | source

Commands, flags, kinds, parts, rules, and the targets and stacks that there are.`;

export function configure(command: Command): void {
  command
    .addArgument(new Argument('<shell>', 'the shell').choices(SHELLS))
    .addHelpText('after', DETAILS)
    .action((shell: Shell) => printFormat(completionScript(shell)));
}
