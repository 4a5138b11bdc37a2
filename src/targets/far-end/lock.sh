# One wdev a target. The lock is a symbolic link, which is made at once or not at all; its text is
#   <pid>,<start>,<session>,<start of the session's first process>,<boot>,<token> <owner>
# of the shell that holds it. A script that outlives its shell (killed, or cut off) still belongs to the
# shell's session: as long as one process of that session lives, the lock is held.

# wdev_process PID: its parts from /proc; __state, __session and __start are set. A session that began outside of
# a container (nsenter) is 0 in it, like all the others from outside: there the pipe that a process writes to
# tells whose it is.
wdev_process() {
  IFS= read -r __line 2>/dev/null <"/proc/$1/stat" || return 1
  __number=$1
  # shellcheck disable=SC2086  # split into words
  set -- ${__line##*) }
  __state=$1 __session=$4 __start=${20}
  [ "$__session" != 0 ] || __session=$(readlink "/proc/$__number/fd/1" | sed 's/.*\[\(.*\)\]$/p\1/')
}

wdev_boot() { { IFS= read -r __boot </proc/sys/kernel/random/boot_id; } 2>/dev/null || __boot=-; }

# wdev_members SESSION: the processes of a session that live
wdev_members() {
  for __stat in /proc/[0-9]*/stat; do
    __pid=${__stat#/proc/}
    wdev_process "${__pid%/stat}" || continue
    if [ "$__session" = "$1" ] && [ "$__state" != Z ] && [ "$__state" != X ]; then echo "${__pid%/stat}"; fi
  done
}

# wdev_identity OWNER TOKEN: the text of this shell's lock
wdev_identity() {
  wdev_boot
  if wdev_process "$$"; then
    __mine="$$,$__start,$__session"
    wdev_process "$__session" || __start=-
    __mine="$__mine,$__start,$__boot,$2 $1"
  else
    __mine="$$,-,-,-,$__boot,$2 $1"
  fi
}

# wdev_alive PID START SESSION SESSION_START BOOT...: 0 when a process of the holder lives. Sets __orphans when
# only what its shell left behind does.
wdev_alive() {
  __orphans=
  wdev_boot
  [ "$5" = "$__boot" ] || return 1
  if [ "$2" = - ]; then
    kill -0 "$1" 2>/dev/null
    return
  fi
  if wdev_process "$1" && [ "$__start" = "$2" ] && [ "$__state" != Z ]; then return 0; fi
  # the number of a session is not given out again while one of its processes lives
  if wdev_process "$3" && [ "$__start" != "$4" ]; then return 1; fi
  __orphans=$(wdev_members "$3")
  [ -n "$__orphans" ]
}

# wdev_end_holder PID START SESSION...: ends what lives of a holder, so that nothing of it can write any more
wdev_end_holder() {
  wdev_process "$$" && [ "$__session" != "$3" ] || return 1
  __try=0
  while [ "$__try" -lt 100 ]; do
    __members=$(wdev_members "$3")
    [ -n "$__members" ] || return 0
    # shellcheck disable=SC2086
    kill -9 $__members 2>/dev/null
    __try=$((__try + 1))
    sleep 0.05
  done
  return 1
}

# wdev_lock OWNER TOKEN: prints the other owner and returns 75 when it is held. A holder with the same token
# is an earlier shell of the same wdev, whose connection is lost: it is ended. So is what a dead shell left
# behind. Neither happens while a plugin's own rules run: those may be in the middle of installing packages.
wdev_lock() {
  mkdir -p "$S" && chmod 700 "$S" || return 1
  wdev_identity "$1" "$2"
  __tries=0
  until ln -s "$__mine" "$S/lock" 2>/dev/null; do
    __tries=$((__tries + 1))
    if [ "$__tries" -gt 50 ]; then
      ln -s "$__mine" "$S/lock"
      return 1
    fi
    __held=$(readlink "$S/lock") || continue
    wdev_take_over "$2" || return
  done
}

# wdev_take_over TOKEN: makes way for a new lock, if that may be, where $__held is the text of the old one
wdev_take_over() {
  __token=$1
  # shellcheck disable=SC2046  # split into words
  set -- $(echo "${__held%% *}" | tr , ' ')
  if wdev_alive "$@"; then
    __cut=yes
    [ -n "$__orphans" ] || [ "$6" = "$__token" ] || __cut=
    if [ -z "$__cut" ] || [ -e "$S/batch/rules" ] || ! wdev_end_holder "$@"; then
      printf '%s%s\n' "${__cut:+what was cut off of }" "${__held#* }"
      return 75
    fi
  fi
  # by renaming, in case somebody else takes it over too
  mv "$S/lock" "$S/lock.$$" 2>/dev/null || return 0
  __moved=$(readlink "$S/lock.$$")
  [ "$__moved" = "$__held" ] || ln -s "$__moved" "$S/lock"
  rm -f "$S/lock.$$"
}

# wdev_holder: prints who holds the lock, if a process of theirs lives; one that was killed, or whose machine was
# restarted, leaves it behind
wdev_holder() {
  __held=$(readlink "$S/lock") || return 0
  # shellcheck disable=SC2046  # split into words
  set -- $(echo "${__held%% *}" | tr , ' ')
  [ "$#" -ge 5 ] && wdev_alive "$@" || return 0
  printf '%s%s\n' "${__orphans:+what was cut off of }" "${__held#* }"
}

wdev_unlock() {
  __held=$(readlink "$S/lock") || return 0
  [ "${__held%%,*}" != "$$" ] || { wdev_tidy; rm -f "$S/packages-seen" "$S/lock"; }
  rmdir "$S" 2>/dev/null || :
}

# wdev_holds: whether the lock is there, and is this shell's: somebody may have removed the state folder, and others
# may have come to the target since
wdev_holds() {
  wdev_ask holds "$S/lock"
  __holds=$?
  if [ "$__holds" != 125 ]; then return "$__holds"; fi
  __held=$(readlink "$S/lock") && [ "${__held%%,*}" = "$$" ]
}
