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

# Where logs ended, for wdev_log: a line for the file and one "<inode> <bytes>"; the last ones of a file count
__marks=

# wdev_log_from FILE: wdev_log tells what is added to it from now on
wdev_log_from() { wdev_ask log-from "$1" || wdev_log_at "$1" "$(wdev_log_end "$1")"; }

# wdev_log_at FILE MARK: the same, from where wdev_log_end found its end; a helper remembers by itself
wdev_log_at() { __marks="$__marks$__nl$1$__nl$2"; }

# wdev_log_end FILE: its inode and its bytes
wdev_log_end() { stat -L -c '%i %s' "$1" 2>/dev/null || :; }

# wdev_log FILE: what was added since wdev_log_from, in the new file too when it was rotated meanwhile
wdev_log() {
  wdev_ask log-since "$1"
  if [ $? != 125 ]; then return 0; fi
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

# wdev_shown PROPERTY: sets __value to what systemctl show told of it, in $__shown
wdev_shown() {
  __value=${__shown#*"$1="}
  __value=${__value%%"$__nl"*}
}

# wdev_await UNIT HAS_PORT: waits until the unit is active and, when HAS_PORT is yes, listens on a port;
# without one it has to stay for a moment, since systemd calls a program active that is about to fail. What it was
# when it came up stays in $__shown.
wdev_await() {
  __try=0
  wdev_uptime
  __until=$((__uptime + 30))
  while [ "$__try" -lt 300 ] && wdev_uptime && [ "$__uptime" -lt "$__until" ]; do
    __shown=$(systemctl show -p ActiveState -p MainPID -p NRestarts "$1")
    case $__shown in
      *ActiveState=failed*) return 1 ;;
      *ActiveState=active*)
        # behind an embedded root there are no services, only their records; but wazo-confgend answers
        if [ -n "$R" ]; then
          [ "$1" = wazo-confgend ] || echo 'restart noted, no service runs in the embedded stack'
          return 0
        fi
        if [ "$2" != yes ]; then
          if wdev_stays "$1"; then return 0; fi
        else
          wdev_shown MainPID
          if wdev_listens "$__value"; then return 0; fi
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
  for __look in 1 2 3 4 5; do
    sleep 0.1
    [ "$(systemctl show -p ActiveState -p MainPID -p NRestarts "$1")" = "$__shown" ] || return 1
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

# Processes of units before rules ran: lines "<unit> <microseconds> <pid>". Empty once a restart of the plan was done,
# since what comes later has to be restarted after that.
__before=

# wdev_before_rules UNIT...: rules may restart these units themselves
wdev_before_rules() {
  __before=
  __newest=0
  for __unit; do
    wdev_begun "$__unit"
    __before="$__before$__nl$__unit $__begun"
  done
}

# wdev_begun UNIT: sets __begun to when its process was started, and its PID
wdev_begun() {
  __shown=$(systemctl show -p ActiveState -p MainPID -p NRestarts -p ExecMainStartTimestampMonotonic "$1")
  wdev_shown ExecMainStartTimestampMonotonic
  __begun=$__value
  wdev_shown MainPID
  __begun="$__begun $__value"
}

# wdev_by_rules UNIT FILE...: whether rules have restarted the unit, after those that come before it in the plan, and
# after the files, which all have to be there, were as they are now. When in doubt: no.
wdev_by_rules() {
  case $__before in *"$__nl$1 "*) ;; *) return 1 ;; esac
  __was=${__before##*"$__nl$1 "}
  __was=${__was%%"$__nl"*}
  wdev_begun "$1"
  case $__begun in "$__was" | *' 0') return 1 ;; esac
  # on its way out, or brought back by systemd because it had failed
  case $__shown in *ActiveState=deactivating* | *NRestarts=[!0]*) return 1 ;; esac
  [ "${__begun% *}" -ge "$__newest" ] && wdev_older "$@" || return 1
  __newest=${__begun% *}
}

# wdev_older UNIT FILE...: whether the files, and the unit's settings, are older than its process
wdev_older() {
  # systemd makes this link when it starts the unit, and stat of GNU tells its time to the millisecond
  __since=$(stat -c %.3Y "$R/run/systemd/units/invocation:$1.service" 2>/dev/null)
  case $__since in *.???) ;; *) return 1 ;; esac
  # the times of files come from a clock that goes in steps
  __since=$((${__since%.*}${__since#*.} - 10))
  __settings=/etc/$1
  shift
  for __file; do
    shift
    set -- "$@" "$R$__file"
  done
  [ ! -e "$R$__settings" ] || set -- "$@" "$R$__settings"
  [ $# -gt 0 ] || return 0
  # what find complains of is in doubt
  [ -z "$(find "$@" -newerct "@${__since%???}.${__since#"${__since%???}"}" 2>&1 | head -n 1)" ]
}

# wdev_restart UNIT: systemd refuses a unit that was restarted often within seconds, and saving often is no fault
wdev_restart() {
  __before=
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
