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
    __answer=$(asterisk -rx "$1" 2>&1)
    __status=$?
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

# wdev_log_from FILE: wdev_log tells what is added to it from now on
wdev_log_from() {
  __log=
  if wdev_ask log-from "$1"; then return 0; fi
  [ -r "$1" ] || return 0
  # tail goes to the end without reading all of it, and descriptor 9 stays there
  exec 9<"$1" && tail -c 1 <&9 >/dev/null && __log=open
}

# wdev_log FILE: what was added since wdev_log_from, in the new file too when it was rotated meanwhile
wdev_log() {
  wdev_ask log-since "$1"
  if [ $? != 125 ]; then return 0; fi
  [ -z "$__log" ] || cat <&9
  [ -r "$1" ] || return 0
  # shellcheck disable=SC3013  # dash and busybox know -ef
  if [ -n "$__log" ] && { [ ! -e /dev/fd/9 ] || [ "$1" -ef /dev/fd/9 ]; }; then return 0; fi
  cat "$1"
}

# wdev_size FILE: its bytes; 0 when there is none
wdev_size() { if [ -f "$1" ]; then wc -c <"$1"; else echo 0; fi; }

# wdev_listens PID: whether the process itself listens on a TCP port, whichever that is configured to be; a helper
# waits for it for a while
wdev_listens() {
  wdev_ask listens "$1" 0.5
  __listens=$?
  if [ "$__listens" != 125 ]; then return "$__listens"; fi
  # shellcheck disable=SC2012  # names below /proc are numbers
  for __socket in $(ls -l "/proc/$1/fd" 2>/dev/null | sed -n 's/.*socket:\[\([0-9]*\)\]$/\1/p'); do
    # state 0A is LISTEN; the inode stands in the tenth column
    cat /proc/net/tcp /proc/net/tcp6 2>/dev/null | grep -q " 0A .* $__socket " && return 0
  done
  return 1
}

# wdev_await UNIT HAS_PORT: waits until the unit is active and, when HAS_PORT is yes, listens on a port;
# without one it has to stay for a moment, since systemd calls a program active that is about to fail
wdev_await() {
  __try=0
  wdev_uptime
  __until=$((__uptime + 30))
  while [ "$__try" -lt 300 ] && wdev_uptime && [ "$__uptime" -lt "$__until" ]; do
    __shown=$(systemctl show -p ActiveState -p MainPID "$1")
    case $__shown in
      *ActiveState=failed*) return 1 ;;
      *ActiveState=active*)
        # behind an embedded root there are no services, only their records
        [ -z "$R" ] || return 0
        if [ "$2" != yes ]; then
          if wdev_stays "$1"; then return 0; fi
        else
          __pid=${__shown#*MainPID=}
          if wdev_listens "${__pid%%"$__nl"*}"; then return 0; fi
        fi
        ;;
    esac
    __try=$((__try + 1))
    sleep 0.05
  done
  return 1
}

# wdev_uptime: sets __uptime to the seconds since the machine started; 0 where nothing tells
wdev_uptime() { { IFS='. ' read -r __uptime __rest </proc/uptime; } 2>/dev/null || __uptime=0; }

# wdev_stays UNIT: whether an active unit runs on for half a second, as the same process
wdev_stays() {
  __was=$(systemctl show -p ActiveState -p MainPID -p NRestarts "$1")
  for __look in 1 2 3 4 5; do
    sleep 0.1
    [ "$(systemctl show -p ActiveState -p MainPID -p NRestarts "$1")" = "$__was" ] || return 1
  done
}

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

# wdev_rules PATH ARGUMENT: a plugin's own rules. While they run, nobody ends this shell: see lock.sh
wdev_rules() {
  : >"$S/batch/rules"
  ( cd / && "$R$1" "$2" )
  __rc=$?
  rm -f "$S/batch/rules"
  return "$__rc"
}

# wdev_restart UNIT: systemd refuses a unit that was restarted often within seconds, and saving often is no fault
wdev_restart() {
  if __said=$(systemctl restart "$1" 2>&1); then return 0; fi
  case $__said in
    *reset-failed*)
      systemctl reset-failed "$1" && systemctl restart "$1"
      return
      ;;
  esac
  printf '%s\n' "$__said"
  return 1
}
