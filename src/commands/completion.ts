import { Argument, type Command } from '../cli/commander.ts';
import { printFormat } from '../terminal/output.ts';
import { SHELLS, completionScript, type Shell } from '../manual/completion-scripts.ts';

const DETAILS = `
bash  add to ~/.bashrc:                    eval "$(wdev completion bash)"
zsh   add to ~/.zshrc, after compinit:     eval "$(wdev completion zsh)"
fish  add to ~/.config/fish/config.fish:   wdev completion fish | source

Completes commands, options, kinds, parts and rules, and the names of your
targets and stacks.`;

export function configure(command: Command): void {
  command
    .addArgument(new Argument('<shell>', 'shell to complete in').choices(SHELLS))
    .addHelpText('after', DETAILS)
    .action((shell: Shell) => printFormat(completionScript(shell)));
}
