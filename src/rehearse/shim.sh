#!/bin/sh
# Stands before a program on PATH while a package is rehearsed: notes the call of a maintainer script, and
# which files of the package are there at that moment; fails in the program's place when told to.
here=/run/wdev-rehearsal
name=${0##*/}
PATH=${PATH#*:}
if [ -n "$DPKG_MAINTSCRIPT_NAME" ]; then
    count=0
    [ ! -e $here/count ] || read -r count < $here/count
    count=$((count + 1))
    echo $count > $here/count
    there=
    while read -r file; do
        if [ -e "$file" ]; then there="$there|$file"; fi
    done < $here/files
    line=$(printf %s "$name $*" | tr '\t\n' '  ')
    printf '%s\t%s\t%s\t%s\t%s\n' "$count" "$DPKG_MAINTSCRIPT_NAME" "$WDEV_LINE" "$line" "$there" >> $here/calls
    if [ -n "$WDEV_LINE" ] && [ -e $here/fail-call ]; then
        read -r turn < $here/fail-call
        if [ "$turn" = "$count" ]; then
            rm -f $here/fail-call
            echo "$name: made to fail by wdev rehearse" >&2
            exit 1
        fi
    fi
fi
exec "$name" "$@"
