#!/bin/bash
# Runs a rules file in bash, with the number of its present line in the environment of what it calls.
mode=--posix
case $(readlink -f /proc/self/exe) in *bash) ;; *) mode= ;; esac
exec /bin/bash $mode -c 'export WDEV_LINE=; set -T; trap '\''WDEV_LINE=$LINENO'\'' DEBUG; . "$0"' "$@"
