# How a batch changes files, so that it can be rolled back at any point. $R is the prefix of installed paths,
# $S the state folder. The journal ($S/batch/list) is written before each change; a line is
#   S <n> <path>     the file was there; its old self is $S/batch/old/<n>/<name>
#   A <path>         there was nothing
#   D <path>         there was no such folder
#   M <mode> <path>  a folder with this mode was there
#   N <folder>       the new files lie in <folder>/.wdev-new until they are renamed
#   C                all of that is kept: from here on things change
# A last line that was cut off told of what was not done yet; any other line that is none of these is damage, and
# nothing is undone by a list that has one.
# Undoing reads it backwards and can be repeated. $S/touched and $S/original hold the same, once for each
# path that was ever touched: what `wdev restore` puts back; $S/original/<n>.dir says whose folder <n> is. A batch is final once its list is empty; what it
# left is cleared away afterwards. Starting a program costs more than all else here, so builtins do what they
# can, and what needs a program is done for many files of one folder at a time.
#
# Names come and stay escaped (\\ for a backslash, \n for a newline), since a journal has lines.

# wdev_raw NAME: sets __raw to the name itself
wdev_raw() {
  case $1 in
    *\\*)
      __raw=$(printf '%b.' "$1")
      __raw=${__raw%.}
      ;;
    *) __raw=$1 ;;
  esac
}

# wdev_mend FILE: drops a last line that was cut off; what it told of was not done yet
wdev_mend() {
  [ -s "$1" ] && [ -n "$(tail -c 1 "$1")" ] || return 0
  sed '$d' "$1" >"$1.new" && mv -f "$1.new" "$1"
}

# wdev_sound LIST: tells of lines that are none of a list
wdev_sound() {
  [ -s "$1" ] || return 0
  wdev_mend "$1" || return
  __bad=$(grep -cvE '^([ADN] /.|[SM] [0-9]+ /.|C$)' "$1")
  [ "$__bad" != 0 ] || return 0
  echo "$__bad lines of $1 cannot be read" >&2
  return 79
}

wdev_begin() {
  if [ -s "$S/batch/list" ]; then
    echo 'an earlier change of wdev there is unfinished' >&2
    return 1
  fi
  wdev_tidy || return
  wdev_do mkdir "$S/batch" "$S/batch/old" "$S/batch/old/0" || return
  __empty=$S/batch/old/0
}

# wdev_keep_in FOLDER LIST DIR NAME...: notes how things in DIR are now; $__copy is the program for it
wdev_keep_in() {
  __folder=$1
  __list=$2
  __dir=$3
  shift 3
  wdev_missing_folders "$__dir"
  wdev_raw "$__dir"
  __at=$R$__raw
  __n=0
  while [ -e "$__folder/$__n" ] && [ "$__empty" != "$__folder/$__n" ]; do __n=$((__n + 1)); done
  [ -e "$__folder/$__n" ] || wdev_do mkdir "$__folder/$__n" || return
  # should the list of originals be lost
  [ "$__folder" != "$S/original" ] || printf '%s\n' "$__dir" >"$__folder/$__n.dir" || return
  __empty=
  for __name; do
    shift
    wdev_raw "$__name"
    __file=$__at/$__raw
    if [ -d "$__file" ] && [ ! -L "$__file" ]; then
      # shellcheck disable=SC2154  # __nl stands in library.sh
      __lines="${__lines}M $(stat -c %a "$__file") $__dir/$__name$__nl"
    elif [ -e "$__file" ] || [ -L "$__file" ]; then
      __lines="${__lines}S $__n $__dir/$__name$__nl"
      set -- "$@" "$__file"
    else
      __lines="${__lines}A $__dir/$__name$__nl"
    fi
  done
  if [ $# -gt 0 ]; then $__copy -pPR "$@" "$__folder/$__n/" || return; else __empty=$__folder/$__n; fi
  printf '%s' "$__lines" >>"$__list"
}

# wdev_missing_folders DIR: sets __lines to those above and with it that are not there, outermost first
wdev_missing_folders() {
  __lines=
  __up=$1
  while [ -n "$__up" ]; do
    wdev_raw "$__up"
    [ ! -d "$R$__raw" ] || break
    __lines="D $__up$__nl$__lines"
    __up=${__up%/*}
  done
}

# wdev_keep PATH...: keeps some files, all that is going to change
wdev_keep() {
  for __path; do wdev_keep_files "${__path%/*}" "${__path##*/}" || return; done
  wdev_change
}

# wdev_keep_files DIR NAME...: for this batch; wdev_change says that it was all
wdev_keep_files() {
  __copy='wdev_do cp'
  wdev_keep_in "$S/batch/old" "$S/batch/list" "$@"
}

# wdev_keep_original DIR NAME...: for good. Should the batch be rolled back, the list is as long as it was.
wdev_keep_original() {
  if [ ! -e "$S/batch/touched" ]; then
    [ -d "$S/original" ] || mkdir "$S/original" || return
    [ ! -f "$S/touched" ] || wdev_mend "$S/touched" || return
    if [ -f "$S/touched" ]; then wc -c <"$S/touched"; else echo 0; fi >"$S/batch/touched" || return
  fi
  # what others put there may have more to it than the helper copies: ACLs, attributes
  __copy=cp
  wdev_keep_in "$S/original" "$S/touched" "$@"
}

# wdev_unpack DIR...: unpacks the new files of standard input below each DIR's .wdev-new
wdev_unpack() {
  printf 'N %s\n' "$@" >>"$S/batch/list" && wdev_do tar -xpmf - -C "$R/"
}

wdev_change() { echo C >>"$S/batch/list"; }

# wdev_place DIR NAME...: renames new files into place, each at once
wdev_place() {
  wdev_raw "$1"
  __at=$R$__raw
  shift
  wdev_byte_code "$__at" "$@"
  for __name; do
    shift
    wdev_raw "$__name"
    [ -L "$__at/$__raw" ] || [ ! -d "$__at/$__raw" ] || wdev_prune "$__at/$__raw"
    set -- "$@" "$__at/.wdev-new/$__raw"
  done
  wdev_do mv -f "$@" "$__at/"
}

# wdev_placed DIR...: nothing is left below .wdev-new
wdev_placed() {
  for __dir; do
    shift
    wdev_raw "$__dir"
    set -- "$@" "$R$__raw/.wdev-new"
  done
  wdev_do rmdir "$@"
}

# wdev_folder MODE DIR NAME...: empty folders. One that stands there keeps its mode, unless MODE begins with =
wdev_folder() {
  __mode=$1
  __dir=$2
  shift 2
  for __name; do
    wdev_raw "$__dir/$__name"
    if [ ! -d "$R$__raw" ]; then
      rm -f "$R$__raw" && mkdir -p "$R$__raw" && chmod "${__mode#=}" "$R$__raw" || return
    else
      [ "$__mode" = "${__mode#=}" ] || chmod "${__mode#=}" "$R$__raw" || return
    fi
  done
}

# wdev_drop PATH...
wdev_drop() {
  for __path; do wdev_drop_files "${__path%/*}" "${__path##*/}" || return; done
}

# wdev_drop_files DIR NAME...: removes files, and folders that are empty
wdev_drop_files() {
  : >"$S/batch/removed"
  wdev_raw "$1"
  shift
  wdev_remove "$R$__raw" "$@"
}

# wdev_remove FOLDER NAME...
wdev_remove() {
  __at=$1
  shift
  [ -d "$__at" ] || return 0
  wdev_byte_code "$__at" "$@"
  for __name; do
    shift
    wdev_raw "$__name"
    if [ -d "$__at/$__raw" ] && [ ! -L "$__at/$__raw" ]; then
      wdev_prune "$__at/$__raw"
    elif [ -e "$__at/$__raw" ] || [ -L "$__at/$__raw" ]; then
      set -- "$@" "$__at/$__raw"
    fi
  done
  [ $# -eq 0 ] || wdev_do rm -f "$@"
}

# wdev_emptied own|made FOLDER: removes it if nothing is left in it: a service may read it at its start. One that is not
# the plugin's own goes only if wdev made it.
wdev_emptied() {
  [ "$1" = own ] || grep -qxF "D $2" "$S/touched" 2>/dev/null || return 0
  wdev_raw "$2"
  [ ! -d "$R$__raw" ] || [ -L "$R$__raw" ] || wdev_prune "$R$__raw"
}

# wdev_byte_code FOLDER NAME...: removes what Python compiled of these files. It takes byte-code for current
# when the second and the size of the source are the same, which two quick saves easily have.
wdev_byte_code() {
  __cache=$1/__pycache__
  shift
  [ -d "$__cache" ] || return 0
  for __name; do
    shift
    case $__name in
      *.py)
        wdev_raw "${__name%.py}"
        for __file in "$__cache/$__raw".*.pyc; do [ ! -f "$__file" ] || set -- "$@" "$__file"; done
        ;;
    esac
  done
  [ $# -eq 0 ] || wdev_do rm -f "$@"
}

# wdev_prune FOLDER: removes it if there is nothing in it but byte-code of files that are gone
wdev_prune() {
  rmdir "$1" 2>/dev/null && return
  for __file in "$1"/* "$1"/.[!.]* "$1"/..?*; do
    case $__file in
      */__pycache__) ;;
      *) [ ! -e "$__file" ] && [ ! -L "$__file" ] || return 0 ;;
    esac
  done
  [ ! -d "$1" ] || { rm -rf "$1/__pycache__" && rmdir "$1"; } 2>/dev/null || :
}

# wdev_sweep: removes the folders that wdev made and that are empty now
wdev_sweep() {
  [ -f "$S/touched" ] || return 0
  tac "$S/touched" | while IFS= read -r __line; do
    case $__line in D\ *)
      wdev_raw "${__line#D }"
      [ ! -d "$R$__raw" ] || wdev_prune "$R$__raw"
      ;;
    esac
  done
}

# wdev_told COMMAND...: what has to be run again, should the batch be rolled back after this point
wdev_told() { printf '%s\n' "$@" >"$S/batch/told"; }

# wdev_commit: makes the batch final at once
wdev_commit() { [ ! -f "$S/batch/list" ] || : >"$S/batch/list"; }

# wdev_tidy: clears away what a final batch left
wdev_tidy() {
  [ -d "$S/batch" ] && [ ! -s "$S/batch/list" ] || return 0
  [ ! -e "$S/batch/removed" ] || wdev_sweep
  wdev_do rm -rf "$S/batch"
}
