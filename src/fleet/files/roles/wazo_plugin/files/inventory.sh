#!/bin/sh
# What stands on a server, one fact a line: "plugin NAME VERSION STATE", "changed PACKAGE: FILE", "wazo VERSION",
# "debian VERSION". It only reads.
dpkg-query -W -f '${db:Status-Status}\t${Package}\t${Version}\n' 'wazo-plugind-*-*' 2>/dev/null |
  while IFS="$(printf '\t')" read -r state package version; do
    case $state in not-installed | config-files) continue ;; esac
    echo "plugin $package $version $state"
    # settings are there to be changed
    dpkg -V "$package" 2>/dev/null | sed "s|^[^/]*|changed $package: |"
  done
if [ -r /usr/share/wazo/WAZO-VERSION ]; then echo "wazo $(cat /usr/share/wazo/WAZO-VERSION)"; fi
if [ -r /etc/debian_version ]; then echo "debian $(cat /etc/debian_version)"; fi
