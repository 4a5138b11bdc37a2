# The far end of a target's shell: it reads one request a time, runs the script in a subshell that finds its
# input on descriptor 0, and closes the answer on both descriptors with "\n<nonce> <status>\n".
#
# Where there is perl, helper.pl reads the requests ("ready quick"): "<bytes of input> <bytes of script>
# <use>\n<script><input>", where the use "archive" leaves the input to tar -xpmf -. Otherwise the shell does:
#   "<bytes of input> 0 <script, on one line>\n<input>", or
#   "<bytes of input> <bytes of script>\n<script>", and the input once it said "more"; the script ends with
#   the nonce, since half of one must not be run.
# There, what a script leaves unread of its input is thrown away, beside the answer: nobody waits for the
# program that does it to start. `read` takes single bytes from a pipe, so what stands behind the line stays
# where `head` finds it; `head` may take more than it was asked for, so nothing is sent behind what it reads.

# wdev_helper: starts helper.pl, which shares descriptors with this shell: 5 an input, 6 a script, 7 the questions,
# 8 the answers. The files behind them have no names.
wdev_helper() {
  __helper=
  [ -e "/proc/$$/fd/0" ] && perl -MSocket -MFcntl -e 1 2>/dev/null && __pipes=$(mktemp -d 2>/dev/null) || return 0
  if mkfifo "$__pipes/ask" "$__pipes/tell"; then
    # for both ways, so that nobody waits for the other end
    exec 4<&0 5<>"$__pipes/input" 6<>"$__pipes/script" 7<>"$__pipes/ask" 8<>"$__pipes/tell"
    # shellcheck disable=SC2154  # set before this code
    PERL_BADLANG=0 perl -C0 -e "$__program" "$$" "$R" <&4 7<"$__pipes/ask" 8>"$__pipes/tell" &
    exec 4<&- 7>"$__pipes/ask" 8<"$__pipes/tell"
    if read -r __answer <&8; then __helper=$!; fi
  fi
  rm -rf "$__pipes"
}

__wdev_serve() {
  wdev_helper
  if [ -z "$__helper" ]; then
    __wdev_answer ready
    __wdev_serve_lines
  else
    __wdev_answer quick
    __wdev_serve_helped
  fi
}

__wdev_serve_helped() {
  while :; do
    wdev_ask next
    case $? in
      0) ( . /proc/self/fd/6 ) </dev/null ;;
      1) ( . /proc/self/fd/6 ) </proc/self/fd/5 ;;
      3)
        __wdev_answer full
        continue
        ;;
      *) exit ;;
    esac
    __wdev_answer "$?"
  done
}

__wdev_serve_lines() {
  while IFS=' ' read -r __bytes __more __script; do
    if [ "$__more" -gt 0 ]; then
      __script=$(head -c "$__more")
      [ "$__script" != "${__script%"$__nonce"}" ] || exit
      printf '\n%s more\n' "$__nonce"
    fi
    if [ "$__bytes" -gt 0 ]; then
      head -c "$__bytes" | { ( eval "$__script" ); __status=$?; { cat <&3 >/dev/null 2>&1 & } 3<&0; exit "$__status"; }
    else
      ( eval "$__script" ) </dev/null
    fi
    __wdev_answer "$?"
  done
}

__wdev_answer() {
  printf '\n%s %s\n' "$__nonce" "$1"
  printf '\n%s %s\n' "$__nonce" "$1" >&2
}
