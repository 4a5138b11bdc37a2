/** The scripts that shells load; the words come from the hidden `wdev complete`, so they never get old. */

export const SHELLS = ['bash', 'zsh', 'fish'] as const;

export type Shell = (typeof SHELLS)[number];

// words are cut at : and = by readline, so the line is split again here, and the part that readline keeps is removed
const BASH = String.raw`# bash completion for wdev: eval "$(wdev completion bash)"
_wdev() {
  local line="${'$'}{COMP_LINE:0:COMP_POINT}" current word about paths=none
  local -a words
  read -ra words <<<"$line"
  [[ $line == *' ' ]] && words+=('')
  current="${'$'}{words[-1]}"
  local cut=''
  [[ $current == *[:=]* && $COMP_WORDBREAKS == *[:=]* ]] && cut="${'$'}{current%"${'$'}{current##*[:=]}"}"
  COMPREPLY=()
  while IFS=$'\t' read -r word about; do
    case $word in
      :files | :folders) paths=$word ;;
      ?*) COMPREPLY+=("${'$'}{word#"$cut"}") ;;
    esac
  done < <(wdev complete -- "${'$'}{words[@]:1}" 2>/dev/null)
  case $paths in
    :files) compopt -o filenames 2>/dev/null; mapfile -t -O ${'$'}{#COMPREPLY[@]} COMPREPLY < <(compgen -f -- "${'$'}{current#"$cut"}") ;;
    :folders) compopt -o filenames 2>/dev/null; mapfile -t -O ${'$'}{#COMPREPLY[@]} COMPREPLY < <(compgen -d -- "${'$'}{current#"$cut"}") ;;
  esac
  [[ ${'$'}{COMPREPLY[0]-} == *[:=,/] ]] && compopt -o nospace 2>/dev/null
  return 0
}
complete -F _wdev wdev
`;

const ZSH = String.raw`#compdef wdev
# zsh completion for wdev: eval "$(wdev completion zsh)" after compinit, or a file _wdev in fpath
_wdev() {
  local line paths=none
  local -a found begun
  for line in "${'$'}{(@f)$(wdev complete -- "${'$'}{(@)words[2,CURRENT-1]}" "$PREFIX" 2>/dev/null)}"; do
    case $line in
      :files | :folders) paths=$line ;;
      *[:=,/]$'\t'*) begun+=("${'$'}{${'$'}{line%%$'\t'*}//:/\\:}:${'$'}{line#*$'\t'}") ;;
      ?*) found+=("${'$'}{${'$'}{line%%$'\t'*}//:/\\:}:${'$'}{line#*$'\t'}") ;;
    esac
  done
  (( ${'$'}{#found} )) && _describe -V wdev found
  (( ${'$'}{#begun} )) && _describe -V wdev begun -S ''
  case $paths in
    :files) _files ;;
    :folders) _files -/ ;;
  esac
}
if [[ $funcstack[1] == _wdev ]]; then _wdev "$@"; else compdef _wdev wdev; fi
`;

const FISH = String.raw`# fish completion for wdev: wdev completion fish | source
function __wdev_complete
    set -l current (commandline -ct)
    set -l words (commandline -opc)
    for line in (wdev complete -- $words[2..-1] "$current" 2>/dev/null)
        switch $line
            case ':files'
                __fish_complete_path "$current"
            case ':folders'
                __fish_complete_directories "$current"
            case '*'
                printf '%s\n' $line
        end
    end
end
complete -c wdev -f -a '(__wdev_complete)'
`;

/** The script that makes a shell complete `wdev`. */
export function completionScript(shell: Shell): string {
  return { bash: BASH, zsh: ZSH, fish: FISH }[shell];
}
