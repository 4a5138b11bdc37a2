# The far end of a target's shell: it reads one request a time from its standard input,
#   "<bytes of input> 0 <script, on one line>\n<input>", or
#   "<bytes of input> <bytes of script>\n<script>", and the input once it said "more"; the script ends with
#   the nonce, since half of one must not be run
# runs the script in a subshell that finds its input on descriptor 0, and closes the answer on both
# descriptors with "\n<nonce> <status>\n". What a script leaves unread of its input is thrown away, beside
# the answer: nobody waits for the program that does it to start.
# `read` takes single bytes from a pipe, so what stands behind the line stays where `head` finds it; `head`
# may take more than it was asked for, so nothing is sent behind what it reads.
__wdev_serve() {
  # shellcheck disable=SC2154  # set before this code
  printf '\n%s ready\n' "$__nonce"
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
    __status=$?
    printf '\n%s %s\n' "$__nonce" "$__status"
    printf '\n%s %s\n' "$__nonce" "$__status" >&2
  done
}
