# Restarts of services on a target: by us, by a plugin's own rules, and what came of them.
# shellcheck disable=SC2154  # __nl stands in library.sh

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

# wdev_unit UNIT...: the state of it
wdev_unit() { systemctl show -p ActiveState -p MainPID -p NRestarts -p SubState -p ExecMainPID -p InvocationID "$@"; }

# wdev_await UNIT HAS_PORT: waits until the unit is active and, when HAS_PORT is yes, listens on a port;
# without one it has to stay for a moment, since systemd calls a program active that is about to fail. What it was
# when it came up stays in $__shown.
wdev_await() {
  __try=0
  wdev_uptime
  __until=$((__uptime + 30))
  while [ "$__try" -lt 300 ] && wdev_uptime && [ "$__uptime" -lt "$__until" ]; do
    __shown=$(wdev_unit "$1")
    case $__shown in
      # one that ends at its start is started again by systemd, for minutes, before systemd calls it failed
      *ActiveState=failed* | *SubState=auto-restart* | *NRestarts=[!0]*) return 1 ;;
      *ActiveState=active*)
        # behind an embedded root there are no services, only their records; but wazo-confgend answers
        if [ -n "$R" ]; then
          [ "$1" = wazo-confgend ] || echo 'not restarted: it does not run in the embedded stack'
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

# wdev_journal STATUS UNIT: what the process of the unit in $__shown, living or dead, wrote for the journal. Where a
# restart failed, its reason is waited for, and is looked for at each process that systemd has started since.
wdev_journal() {
  [ -z "$R" ] || return 0
  wdev_shown ExecMainPID
  case $1:$__shown in
    0:*) ;;
    *NRestarts=[!0]*)
      wdev_journal_whole
      [ -z "$__began" ] || __value=$(wdev_journal_pids "$2")
      ;;
    *) wdev_journal_whole ;;
  esac
  wdev_journal_of "${__value:-0}"
}

# wdev_journal_whole: waits until the journal has all that was written for it; on a busy machine it is behind
wdev_journal_whole() { timeout 10 journalctl --sync >/dev/null 2>&1 || :; }

# wdev_journal_of "PID...": the last lines that these processes wrote for it
wdev_journal_of() {
  # shellcheck disable=SC2086  # numbers
  set -- $1
  for __pid; do
    shift
    [ "$__pid" = 0 ] || set -- "$@" "_PID=$__pid"
  done
  [ $# = 0 ] || journalctl -b -q -o cat -n 200 "$@" 2>/dev/null || :
}

# wdev_ended UNIT [RUN]: what systemd says of the end of its process, in that run of it; else last
wdev_ended() {
  [ -z "$R" ] || return 0
  journalctl -b -q -o cat -n 20 _PID=1 "UNIT=$1.service" ${2:+"INVOCATION_ID=$2"} 2>/dev/null || :
}

# Main processes of units before they were restarted, between blanks, and the time of the journal's last entry then
__olds=' '
__began=

# wdev_journal_end: keeps that time, in microseconds of a clock that nobody sets; 0 for an empty journal
wdev_journal_end() {
  __began=$(journalctl -b -q -n 1 -o export --output-fields=_PID 2>/dev/null | sed -n 's/^__MONOTONIC_TIMESTAMP=//p')
  : "${__began:=0}"
}

# wdev_journal_pids UNIT: the processes of a unit that wrote for the journal since it was restarted
wdev_journal_pids() {
  for __pid in $(journalctl -b -q -n 5000 -o export --output-fields=_PID "_SYSTEMD_UNIT=$1.service" 2>/dev/null |
    awk -F= -v began="$__began" '$1 == "__MONOTONIC_TIMESTAMP" { at = $2 } $1 == "_PID" && at > began + 0 { print $2 }' | uniq | head -n 100); do
    case $__olds in *" $__pid "*) ;; *) echo "$__pid" ;; esac
  done
}

# wdev_uptime: sets __uptime to the seconds since the machine started; 0 where nothing tells
wdev_uptime() { { IFS='. ' read -r __uptime __rest </proc/uptime; } 2>/dev/null || __uptime=0; }

# wdev_stays UNIT: whether an active unit runs on for half a second, as the same process
wdev_stays() {
  for __look in 1 2 3 4 5; do
    sleep 0.1
    [ "$(wdev_unit "$1")" = "$__shown" ] || return 1
  done
}

# Processes of units before rules ran: lines "<unit> <microseconds> <pid>". Empty once a restart of the plan was done,
# since what comes later has to be restarted after that.
__before=

# wdev_before_rules UNIT...: rules may restart these units themselves
wdev_before_rules() {
  __before=
  __newest=0
  wdev_clock
  __clock_before=$__clock
  for __unit; do
    wdev_begun "$__unit"
    __before="$__before$__nl$__unit $__begun"
  done
}

# wdev_clock: sets __clock to when the machine started, in hundredths of a second by its clock: that changes where the clock
# is set
wdev_clock() {
  # on a busy machine date takes a while to start: then the two times are not of one moment
  for __turn in 1 2 3 4 5 6 7 8; do
    wdev_hundredths
    __earlier=$__hundredths
    __clock=$(date +%s%N)
    # busybox knows no nanoseconds
    case $__clock in *[!0-9]*) __clock=$(date +%s)000000000 ;; esac
    wdev_hundredths
    [ $((__hundredths - __earlier)) -ge 30 ] || break
  done
  __clock=$((${__clock%???????} - __earlier))
}

# wdev_hundredths: sets __hundredths to how long the machine runs
wdev_hundredths() {
  { IFS=' ' read -r __hundredths __rest </proc/uptime; } 2>/dev/null || __hundredths=0.00
  __hundredths=${__hundredths%.*}${__hundredths#*.}
}

# wdev_begun UNIT: sets __begun to when its process was started, and its PID
wdev_begun() {
  __shown=$(systemctl show -p ActiveState -p MainPID -p NRestarts -p ExecMainStartTimestampMonotonic "$1")
  wdev_shown ExecMainStartTimestampMonotonic
  __begun=$__value
  wdev_shown MainPID
  __begun="$__begun $__value"
}

# wdev_by_rules UNIT FILE...: whether rules have restarted the unit, after those that it calls at its start, and after
# the files, which all have to be there, were as they are now. When in doubt: no.
wdev_by_rules() {
  case $__before in *"$__nl$1 "*) ;; *) return 1 ;; esac
  __was=${__before##*"$__nl$1 "}
  __was=${__was%%"$__nl"*}
  wdev_begun "$1"
  case $__begun in "$__was" | *' 0') return 1 ;; esac
  # on its way out, or brought back by systemd because it had failed
  case $__shown in *ActiveState=deactivating* | *NRestarts=[!0]*) return 1 ;; esac
  [ "${__begun% *}" -ge "$__newest" ] && wdev_older "$@"
}

# wdev_called_at_start: what comes later in the plan has to start after the unit that wdev_by_rules was asked of
wdev_called_at_start() { __newest=${__begun% *}; }

# wdev_older UNIT FILE...: whether the files, and the unit's settings, are older than its process. Where the clock was set
# meanwhile by a second or more, nothing tells.
wdev_older() {
  wdev_clock
  [ $((__clock - __clock_before)) -lt 100 ] && [ $((__clock_before - __clock)) -lt 100 ] || return 1
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

# wdev_stopped UNIT: whether somebody stopped it, or turned it off: it is not up, and it did not end by itself. What
# systemd tells of it stays in $__shown.
wdev_stopped() {
  [ -z "$R" ] || return 1
  __shown=$(wdev_unit -p UnitFileState "$1")
  wdev_shown MainPID
  __olds="$__olds$__value "
  [ -n "$__began" ] || wdev_journal_end
  case $__shown in *ActiveState=inactive*) ;; *) return 1 ;; esac
  # the last that systemd said of it: that it was started, or that a job of this kind has stopped it
  __job=$(journalctl -b -q -n 1 -o export "UNIT=$1.service" MESSAGE_ID=9d1aaa27d60140bd96365438aad20286 MESSAGE_ID=39f53479d3a045ac8e11786248231fbf 2>/dev/null) || __job=
  case $__nl$__job$__nl in
    *"${__nl}JOB_TYPE=stop$__nl"*) return 0 ;;
    *"${__nl}JOB_TYPE="*) return 1 ;;
  esac
  # it did not run since the machine started
  case $__shown in *UnitFileState=disabled* | *UnitFileState=masked*) return 0 ;; *) return 1 ;; esac
}

# wdev_restart UNIT: what it was, is in $__shown when systemd says that it did not start
wdev_restart() {
  __before=
  if __said=$(wdev_job "$1"); then return 0; fi
  printf '%s\n' "$__said"
  # the process that ended, for what it wrote for the journal
  __shown=$(wdev_unit "$1")
  return 1
}

# wdev_job UNIT...: restarts units, and ends when systemd says that they are up, or not. A command of the unit that
# waits for its port (ExecStartPost of wazo-auth, wazo-confd and wazo-agentd) goes on for a minute after the service
# itself has ended: it is ended then. Before that systemd forgets how often it started each by itself: it goes on
# counting where it was about to do so again, and refuses a unit that was restarted often within seconds.
wdev_job() {
  systemctl reset-failed "$@" >/dev/null 2>&1 || :
  wdev_end_waits "$@" >/dev/null 2>&1 </dev/null &
  __waits=$!
  __job=0
  systemctl restart "$@" 2>&1 || __job=$?
  kill "$__waits" 2>/dev/null || :
  return "$__job"
}

# wdev_end_waits UNIT...: until it is ended, or for two minutes
wdev_end_waits() {
  __try=0
  sleep 0.4
  while [ "$__try" -lt 400 ]; do
    for __one; do
      # no process of the service, but one that waits for it
      case $(systemctl show -p MainPID -p SubState "$__one") in
        *MainPID=0*SubState=start-post* | *SubState=start-post*MainPID=0*) systemctl kill --kill-who=control "$__one" ;;
      esac
    done
    __try=$((__try + 1))
    sleep 0.3
  done
}

# Units that wdev_restart_together has restarted, each between blanks
__together=

# wdev_restart_together UNIT LOG...: restarts units that do not wait for each other at once, but for those that somebody
# stopped. What came of each, its own turn tells; one that systemd did not restart here gets it then.
wdev_restart_together() {
  __together=
  __names=
  __runs=
  [ -z "$R" ] || return 0
  while [ $# -gt 1 ]; do
    if ! wdev_stopped "$1"; then
      wdev_log_from "$R$2"
      __names="$__names $1"
      __runs="$__runs$__nl$1 $(systemctl show -p InvocationID "$1")"
    fi
    shift 2
  done
  [ -n "$__names" ] || return 0
  # shellcheck disable=SC2086  # names of units have no blanks
  wdev_job $__names >/dev/null 2>&1 || :
  for __name in $__names; do
    case $__runs$__nl in
      *"$__nl$__name $(systemctl show -p InvocationID "$__name")$__nl"*) ;;
      *) __together="$__together $__name " ;;
    esac
  done
}

# wdev_together UNIT: whether it was restarted so
wdev_together() {
  case $__together in *" $1 "*) return 0 ;; *) return 1 ;; esac
}
