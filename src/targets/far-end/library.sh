# What scripts on a target are made of. $R is the prefix of installed paths, $S the state folder there.

# what is made on a target is for its services to read, whatever the umask of the login
umask 022

__nl='
'

# shellcheck disable=SC2154  # the nonce is set before this code
wdev_section() { printf '\n%s:%s\n' "$__nonce" "$1"; }

# wdev_status NUMBER: ends with this status, without the subshell that exit would need
wdev_status() { return "$1"; }

# wdev_ask WORD...: the status that helper.pl answers; 125 when there is none, or when it leaves this to the program
wdev_ask() {
  [ -n "$__helper" ] || return 125
  printf '%s\0' "$#" "$@" >&7
  IFS= read -r __answer <&8 && [ "$__answer" != - ] || return 125
  return "$__answer"
}

# wdev_do PROGRAM ARGUMENT...: what the program does, by the helper where it can. What is printed goes to standard
# output, so this is not for command substitutions and redirections.
wdev_do() {
  wdev_ask "$@"
  __done=$?
  if [ "$__done" != 125 ]; then return "$__done"; fi
  "$@"
}

# wdev_console COMMAND: what Asterisk's console answers; waits while another reload is under way
wdev_console() {
  wdev_ask asterisk -rx "$1"
  __status=$?
  if [ "$__status" != 125 ]; then return "$__status"; fi
  __try=0
  while :; do
    [ -n "${__hung-}" ] || __answer=$(timeout 15 asterisk -rx "$1" 2>&1)
    __status=$?
    if [ "$__status" = 124 ]; then __hung=yes; fi
    # helper-services.pl has the same words
    [ -z "${__hung-}" ] || __answer='Asterisk did not answer for 15 s'
    case $__answer in
      *'request is already in progress'*)
        if [ "$__try" -lt 10 ]; then
          __try=$((__try + 1))
          sleep 1
          continue
        fi
        ;;
    esac
    break
  done
  printf '%s\n' "$__answer"
  return "$__status"
}

# Where logs ended, for wdev_log: a line for the file and one "<inode> <bytes>"; the last ones of a file count
__marks=

# wdev_log_from FILE: wdev_log tells what is added to it from now on
wdev_log_from() { wdev_ask log-from "$1" || wdev_log_at "$1" "$(wdev_log_end "$1")"; }

# wdev_log_at FILE MARK: the same, from where wdev_log_end found its end; a helper remembers by itself
wdev_log_at() { __marks="$__marks$__nl$1$__nl$2"; }

# wdev_log_end FILE: its inode and its bytes
wdev_log_end() { stat -L -c '%i %s' "$1" 2>/dev/null || :; }

# wdev_log FILE: what was added since wdev_log_from, in the new file too when it was rotated meanwhile; the last 16 MB,
# behind a line that says how much that skips
wdev_log() {
  wdev_ask log-since "$1"
  if [ $? != 125 ]; then return 0; fi
  __bytes=$(wdev_log_added "$1" | wc -c)
  [ "$__bytes" -le 16777216 ] || echo "wdev: $((__bytes - 16777216)) bytes of this log were not read"
  wdev_log_added "$1" | tail -c 16777216
}

wdev_log_added() {
  __mark=${__marks##*"$__nl$1$__nl"}
  __mark=${__mark%%"$__nl"*}
  __end=$(wdev_log_end "$1")
  if [ -n "$__mark" ]; then
    __from=+$((${__mark#* } + 1))
    if [ "${__end% *}" != "${__mark% *}" ]; then
      find "${1%/*}" -maxdepth 1 -inum "${__mark% *}" -exec tail -c "$__from" {} \;
    elif [ "${__end#* }" -ge "${__mark#* }" ]; then
      tail -c "$__from" "$1"
      return
    fi
  fi
  [ ! -r "$1" ] || cat "$1"
}

# wdev_size FILE: its bytes; 0 when there is none
wdev_size() { if [ -f "$1" ]; then wc -c <"$1"; else echo 0; fi; }

# wdev_hash KEY FILE: its SHA-256 under a key, for names that sha256sum would write in another way
wdev_hash() {
  [ -f "$2" ] || return 0
  __hash=$(sha256sum <"$2") && printf '%s  #%s\n' "${__hash%% *}" "$1"
}

# wdev_link KEY FILE: the SHA-256 of a symbolic link's text under a key; of the file, when it is no link
wdev_link() {
  if [ -L "$2" ]; then
    __text=$(readlink -n "$2" && echo .)
    __hash=$(printf %s "${__text%.}" | sha256sum) && printf '%s  #%s\n' "${__hash%% *}" "$1"
  else
    wdev_hash "$@"
  fi
}

# wdev_present PATH...: prints the index of each that is there, and no folder
wdev_present() {
  __index=0
  for __file; do
    if [ -L "$R$__file" ] || { [ -e "$R$__file" ] && [ ! -d "$R$__file" ]; }; then echo "$__index"; fi
    __index=$((__index + 1))
  done
}

# wdev_take FILE HASH: puts standard input in the place of the file, if all of it came
wdev_take() {
  cat >"$1.new" && __hash=$(sha256sum <"$1.new") && [ "${__hash%% *}" = "$2" ] && mv -f "$1.new" "$1" && return
  rm -f "$1.new"
  echo "there is no room for $1" >&2
  return 1
}

# wdev_dangling PATH...: prints the index of each link that leads to nothing. What an absolute link leads to lies below
# the prefix, too.
wdev_dangling() {
  __index=0
  for __file; do
    __at=$R$__file
    if [ -L "$__at" ] && [ ! -e "$__at" ]; then
      __text=$(readlink -n "$__at" && echo .)
      case $__text in
        /*) __at=$R${__text%.} ;;
      esac
      [ -e "$__at" ] || echo "$__index"
    fi
    __index=$((__index + 1))
  done
}

# wdev_audit: what the package database complains of
wdev_audit() { { [ -n "$R" ] || dpkg --audit; } 2>/dev/null || :; }

# wdev_rules PATH ARGUMENT: a plugin's own rules. While they run, nobody ends this shell: see lock.sh
wdev_rules() {
  : >"$S/batch/rules"
  ( cd / && "$R$1" "$2" )
  __rc=$?
  rm -f "$S/batch/rules"
  return "$__rc"
}
