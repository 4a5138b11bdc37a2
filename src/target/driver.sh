# The far end of a target's shell: it reads one request a time from its standard input,
#   "<bytes of input> <script, on one line>\n<input>"
# runs the script in a subshell that finds its input on descriptor 0, and closes the answer on both
# descriptors with "\n<nonce> <status>\n". What a script leaves unread of its input is thrown away, beside
# the answer: nobody waits for the program that does it to start.
# `read` takes single bytes from a pipe, so the input behind the line stays where `head` finds it.
__wdev_serve() {
  # shellcheck disable=SC2154  # set before this code
  printf '\n%s ready\n' "$__nonce"
  while IFS=' ' read -r __bytes __script; do
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
