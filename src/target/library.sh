# What scripts on a target are made of. $R is the prefix of installed paths, $S the state folder there.
#
# The journal of a batch ($S/batch/list) is written before each change; a line is
#   S <n> <path>  the file was there; its old self is $S/batch/old/<n>
#   A <path>      there was no such file
#   D <path>      there was no such folder
# Undoing reads it backwards and can be repeated. The batch is final once its list is empty; the old files
# are cleared away afterwards. Starting a program costs more than all else here, so builtins do what they can.
# $S/touched and $S/original hold the same, once for each
# path that was ever touched: what `wdev restore` puts back.

__nl='
'

# shellcheck disable=SC2154  # the nonce is set before this code
wdev_section() { printf '\n%s:%s\n' "$__nonce" "$1"; }

wdev_begin() {
  if [ ! -d "$S/batch/old" ] || [ ! -d "$S/original" ]; then mkdir -p "$S/batch/old" "$S/original" || return; fi
  : >>"$S/batch/list"
  __n=0
}

# wdev_keep_in FOLDER LIST PATH: notes how PATH is now
wdev_keep_in() {
  __file=$R$3
  __dir=${3%/*}
  __made=
  while [ -n "$__dir" ] && [ ! -d "$R$__dir" ]; do
    __made="D $__dir$__nl$__made"
    __dir=${__dir%/*}
  done
  [ -z "$__made" ] || printf '%s' "$__made" >>"$2" || return
  if [ -e "$__file" ] || [ -L "$__file" ]; then
    while [ -e "$1/$__n" ] || [ -L "$1/$__n" ]; do __n=$((__n + 1)); done
    cp -pP "$__file" "$1/$__n" || return
    printf 'S %s %s\n' "$__n" "$3" >>"$2"
  else
    printf 'A %s\n' "$3" >>"$2"
  fi
}

wdev_keep() {
  for __path; do wdev_keep_in "$S/batch/old" "$S/batch/list" "$__path" || return; done
}

wdev_keep_original() {
  for __path; do wdev_keep_in "$S/original" "$S/touched" "$__path" || return; done
}

# wdev_place TEMPORARY PATH: both in one folder, so the rename is atomic
wdev_place() { mv -f "$R$1" "$R$2" && wdev_forget_bytecode "$R$2"; }

# wdev_forget_bytecode FILE: Python tells old byte-code by size and whole seconds only,
# so two saves within one second would leave the first one running
wdev_forget_bytecode() {
  case $1 in *.py) ;; *) return 0 ;; esac
  __name=${1##*/}
  for __code in "${1%/*}/__pycache__/${__name%.py}".*.pyc; do
    [ ! -f "$__code" ] || rm -f "$__code" || return
  done
}

# wdev_drop PATH: removes a file, or a folder that is empty
wdev_drop() {
  for __path; do
    if [ -d "$R$__path" ] && [ ! -L "$R$__path" ]; then
      # byte-code that Python wrote beside files that are gone
      rm -rf "$R$__path/__pycache__"
      rmdir "$R$__path" 2>/dev/null || :
    else
      rm -f "$R$__path" || return
    fi
  done
}

# wdev_backwards FILE: its lines, last one first
wdev_backwards() {
  __rest=
  while IFS= read -r __line; do __rest=$__line$__nl$__rest; done <"$1"
  printf '%s' "$__rest"
}

# wdev_sweep: removes the folders that wdev made and that are empty now
wdev_sweep() {
  wdev_backwards "$S/touched" | while IFS=' ' read -r __what __first; do
    [ "$__what" != D ] || wdev_drop "$__first"
  done
}

# wdev_put_back FOLDER LIST: undoes what LIST tells, last line first
wdev_put_back() {
  [ -f "$2" ] || return 0
  __lines=$(wdev_backwards "$2")
  while IFS=' ' read -r __what __first __second; do
    case $__what in
      S) cp -pP "$1/$__first" "$R${__second%/*}/.wdev-back" && mv -f "$R${__second%/*}/.wdev-back" "$R$__second" && wdev_forget_bytecode "$R$__second" || return ;;
      A) rm -f "$R$__first" || return ;;
      D) rm -rf "$R$__first/__pycache__"; rmdir "$R$__first" 2>/dev/null || : ;;
    esac
  done <<END
$__lines
END
}

wdev_undo() { wdev_put_back "$S/batch/old" "$S/batch/list" && wdev_commit && wdev_tidy; }

wdev_commit() { [ ! -f "$S/batch/list" ] || : >"$S/batch/list"; }

# wdev_tidy: clears away what a final batch left
wdev_tidy() { [ -s "$S/batch/list" ] || rm -rf "$S/batch"; }

# wdev_console COMMAND: what Asterisk's console answers; waits while another reload is under way
wdev_console() {
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
  [ -r "$1" ] || return 0
  # tail goes to the end without reading all of it, and descriptor 9 stays there
  exec 9<"$1" && tail -c 1 <&9 >/dev/null && __log=open
}

# wdev_log FILE: what was added since wdev_log_from, in the new file too when it was rotated meanwhile
wdev_log() {
  [ -z "$__log" ] || cat <&9
  [ -r "$1" ] || return 0
  # shellcheck disable=SC3013  # dash and busybox know -ef
  if [ -n "$__log" ] && { [ ! -e /dev/fd/9 ] || [ "$1" -ef /dev/fd/9 ]; }; then return 0; fi
  cat "$1"
}

# wdev_size FILE: its bytes; 0 when there is none
wdev_size() { if [ -f "$1" ]; then wc -c <"$1"; else echo 0; fi; }

# wdev_since FILE SIZE: what was added since it had SIZE bytes; all of it when it was rotated
wdev_since() {
  [ -f "$1" ] || return 0
  if [ "$(wc -c <"$1")" -lt "$2" ]; then cat "$1"; else tail -c "+$(($2 + 1))" "$1"; fi
}

# wdev_listens PID: whether the process itself listens on a TCP port, whichever that is configured to be
wdev_listens() {
  # shellcheck disable=SC2012  # names below /proc are numbers
  for __socket in $(ls -l "/proc/$1/fd" 2>/dev/null | sed -n 's/.*socket:\[\([0-9]*\)\]$/\1/p'); do
    # state 0A is LISTEN; the inode stands in the tenth column
    cat /proc/net/tcp /proc/net/tcp6 2>/dev/null | grep -q " 0A .* $__socket " && return 0
  done
  return 1
}

# wdev_await UNIT HAS_PORT: waits until the unit is active and, when HAS_PORT is yes, listens on a port
wdev_await() {
  __try=0
  while [ "$__try" -lt 300 ]; do
    case $(systemctl is-active "$1") in
      failed) return 1 ;;
      active)
        # behind an embedded root there are no services, only their records
        if [ "$2" != yes ] || [ -n "$R" ]; then return 0; fi
        if wdev_listens "$(systemctl show -p MainPID --value "$1")"; then return 0; fi
        ;;
    esac
    __try=$((__try + 1))
    sleep 0.05
  done
  return 1
}

# wdev_lock OWNER: a symbolic link is made at once or not at all; its text is "<pid of this shell> <owner>"
wdev_lock() {
  mkdir -p "$S" || return 1
  while ! ln -s "$$ $1" "$S/lock" 2>/dev/null; do
    __holder=$(readlink "$S/lock") || return 1
    if kill -0 "${__holder%% *}" 2>/dev/null; then
      printf '%s\n' "${__holder#* }"
      return 75
    fi
    rm -f "$S/lock"
  done
}

wdev_unlock() {
  __holder=$(readlink "$S/lock") || return 0
  [ "${__holder%% *}" != "$$" ] || { wdev_tidy; rm -f "$S/lock"; }
  rmdir "$S" 2>/dev/null || :
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
