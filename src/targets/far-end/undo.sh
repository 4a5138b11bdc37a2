# How what journal.sh wrote down is rolled back: a batch, at once or by who finds it cut off, and all that wdev ever
# changed. Every step can be repeated.

# wdev_put_back FOLDER LIST: undoes what LIST tells, last line first, except for the lines in $__skip
wdev_put_back() {
  [ -f "$2" ] || return 0
  wdev_mend "$2" || return
  __folder=$1
  tac "$2" | {
    set --
    __group=
    while IFS= read -r __line; do
      case "$__nl$__skip" in *"$__nl$__line$__nl"*) continue ;; esac
      case $__line in
        S\ * | A\ *)
          if [ "${__line%/*}" != "$__group" ] || [ $# -ge 200 ]; then
            wdev_put_group "$__group" "$@" || exit
            set --
            __group=${__line%/*}
          fi
          set -- "$@" "${__line##*/}"
          ;;
        *)
          wdev_put_group "$__group" "$@" || exit
          set --
          __group=
          wdev_put_line "$__line" || exit
          ;;
      esac
    done
    wdev_put_group "$__group" "$@"
  }
}

# wdev_put_group "A DIR"|"S N DIR" NAME...: undoes lines of one folder
wdev_put_group() {
  [ $# -gt 1 ] || return 0
  __group=$1
  shift
  case $__group in
    A\ *)
      wdev_raw "${__group#A }"
      wdev_remove "$R$__raw" "$@"
      ;;
    S\ *) wdev_bring_back "${__group#S }" "$@" || wdev_bring_changed "${__group#S }" "$@" ;;
  esac
}

# wdev_put_line LINE: undoes one line that tells of no copy
wdev_put_line() {
  case $1 in
    D\ *)
      wdev_raw "${1#D }"
      [ ! -d "$R$__raw" ] || wdev_prune "$R$__raw"
      ;;
    M\ *)
      __rest=${1#M }
      wdev_raw "${__rest#* }"
      [ -d "$R$__raw" ] && [ ! -L "$R$__raw" ] || { rm -f "$R$__raw" && mkdir -p "$R$__raw"; } || return
      [ "$(stat -c %a "$R$__raw")" = "${__rest%% *}" ] || chmod "${__rest%% *}" "$R$__raw"
      ;;
    N\ *)
      wdev_raw "${1#N }"
      rm -rf "$R$__raw/.wdev-new" "$R$__raw/.wdev-back"
      ;;
  esac
}

# wdev_bring_back "N DIR" NAME...: puts copies back into place, each at once
wdev_bring_back() {
  __from=$__folder/${1%% *}
  wdev_raw "${1#* }"
  __at=$R$__raw
  shift
  [ -d "$__at" ] || wdev_clear_way "$__at"
  [ -d "$__at" ] || mkdir -p "$__at" || return
  [ ! -e "$__at/.wdev-back" ] || rm -rf "$__at/.wdev-back"
  mkdir "$__at/.wdev-back" || return
  wdev_byte_code "$__at" "$@"
  for __name; do
    shift
    wdev_raw "$__name"
    [ -L "$__at/$__raw" ] || [ ! -d "$__at/$__raw" ] || wdev_prune "$__at/$__raw"
    set -- "$@" "$__from/$__raw"
  done
  cp -pPR "$@" "$__at/.wdev-back/" || return
  for __file; do
    shift
    set -- "$@" "$__at/.wdev-back/${__file##*/}"
  done
  mv -f "$@" "$__at/" && rmdir "$__at/.wdev-back"
}

# wdev_bring_changed "N DIR" NAME...: the same without those that are as they were: the folder, or one file of it,
# may have refused the batch, and refuses what undoes it
wdev_bring_changed() {
  __which=$1
  rm -rf "$__at/.wdev-back"
  shift
  for __name; do
    shift
    wdev_raw "$__name"
    __file=$__folder/${__which%% *}/$__raw
    [ "$(wdev_kind "$__file")" = "$(wdev_kind "$__at/$__raw")" ] || set -- "$@" "$__name"
  done
  [ $# -eq 0 ] || wdev_bring_back "$__which" "$@"
}

# wdev_kind FILE: its mode, and the hash of its content or of a link's text
wdev_kind() { stat -c %f "$1" && wdev_link - "$1"; }

# wdev_clear_way FOLDER: removes a file that stands where it, or a folder above it, must be
wdev_clear_way() {
  __up=$1
  while [ -n "$__up" ] && [ ! -d "$__up" ]; do
    rm -f "$__up"
    __up=${__up%/*}
  done
}

# wdev_leave PATH...: what somebody else changed since the batch put it: a roll-back passes it over
wdev_leave() {
  wdev_lines_of "$S/touched" "$@" >"$S/batch/stay" && wdev_lines_of "$S/batch/list" "$@" >"$S/batch/left.new" &&
    mv -f "$S/batch/left.new" "$S/batch/left"
}

# wdev_roll_back: the files as they were before the batch; it stays open until wdev_commit
wdev_roll_back() {
  [ -s "$S/batch/list" ] || return 0
  wdev_sound "$S/batch/list" || return
  __skip=
  if [ -s "$S/batch/left" ]; then __skip=$(cat "$S/batch/left" && echo .) && __skip=${__skip%.} || return; fi
  # without this line nothing was changed, and a full disk may be why
  if grep -qx C "$S/batch/list"; then
    wdev_put_back "$S/batch/old" "$S/batch/list" || return
  fi
  wdev_forget_touched && rm -f "$S/batch/removed"
}

# wdev_forget_touched: the list of originals as it was before the batch, and what is left
wdev_forget_touched() {
  [ -s "$S/batch/touched" ] && [ -f "$S/touched" ] || return 0
  read -r __size <"$S/batch/touched"
  head -c "$__size" "$S/touched" >"$S/touched.new" || return
  if [ -s "$S/batch/left" ]; then
    __stay=$(cat "$S/batch/stay")
    tail -c "+$((__size + 1))" "$S/touched" | while IFS= read -r __line; do
      case $__line in
        D\ *) printf '%s\n' "$__line" || exit ;;
        *) case "$__nl$__stay$__nl" in *"$__nl$__line$__nl"*) printf '%s\n' "$__line" || exit ;; esac ;;
      esac
    done >>"$S/touched.new" || return
  fi
  mv -f "$S/touched.new" "$S/touched"
}

wdev_undo() { wdev_roll_back && wdev_commit && wdev_tidy; }

# wdev_recover: rolls back a batch that was cut off, or finishes a restore, and tells the services again
wdev_recover() {
  if [ -s "$S/batch/list" ]; then
    wdev_roll_back && wdev_tell "$S/batch/told" && wdev_commit && echo yes || return
  fi
  wdev_tidy
  if [ -f "$S/restoring" ]; then
    __left=$(cat "$S/restoring" && echo .)
    __left=${__left%.}
    wdev_restore "$__left" || return
    for __file in "$S"/rules-*; do [ ! -f "$__file" ] || ( cd / && "$__file" postrm ) </dev/null >/dev/null 2>&1 || :; done
    wdev_tell "$S/restoring.told" || return
    wdev_restored "$__left" && echo yes
  fi
}

# wdev_set_aside: what a batch that was cut off changed is in the list of originals too
wdev_set_aside() { rm -rf "$S/batch.damaged" && mv "$S/batch" "$S/batch.damaged"; }

# wdev_tell FILE: runs the commands in it
wdev_tell() {
  [ -f "$1" ] || return 0
  while IFS= read -r __line; do ( eval "$__line" ) </dev/null >/dev/null 2>&1 || :; done <"$1"
}

# wdev_lines_of LIST PATH...: their lines in a list
wdev_lines_of() {
  __list=$1
  shift
  [ $# -gt 0 ] && [ -f "$__list" ] || return 0
  while IFS= read -r __line; do
    for __name; do
      __rest=${__line#? }
      if [ "$__line" = "A $__name" ] || [ "${__rest#* }" = "$__name" ]; then printf '%s\n' "$__line" || return; fi
    done
  done <"$__list"
}

# wdev_restoring SKIPPED_LINES COMMAND...: from here on, who finds the restore cut off finishes it
wdev_restoring() {
  __left=$1
  shift
  printf '%s\n' "$@" >"$S/restoring.told" && printf '%s' "$__left" >"$S/restoring.new" &&
    mv -f "$S/restoring.new" "$S/restoring"
}

# wdev_restore SKIPPED_LINES: everything as it was before wdev
wdev_restore() {
  wdev_undo || return
  __skip=$1
  wdev_put_back "$S/original" "$S/touched"
}

# wdev_restored SKIPPED_LINES: forgets what was restored, the list first
wdev_restored() {
  if [ -n "$1" ]; then
    printf '%s' "$1" >"$S/touched.new" && mv -f "$S/touched.new" "$S/touched"
  else
    rm -f "$S/touched" "$S/owners" && rm -rf "$S/original"
  fi && rm -rf "$S/plugins" "$S"/rules-* "$S"/*.new "$S"/lock.[0-9]* "$S/restoring" "$S/restoring.told" "$S/batch.damaged" "$S/packages-seen"
}
