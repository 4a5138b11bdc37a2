#!/bin/sh
# Prepares a server for a version of a package: prepare.sh PACKAGE VERSION
# The last line that it prints is JSON: the version to go back to, empty for none, and whether apt has it.
set -eu
package=$1 version=$2
state=$(dirname "$(dirname "$0")")

# Reads the index of this repository alone. By default apt-get update ends with 0 where a signature is wrong, and goes on
# with the index that it had: Error-Mode=any makes that an error.
apt-get update -q \
  -o APT::Update::Error-Mode=any \
  -o Dir::Etc::sourcelist=/etc/apt/sources.list.d/wazo-fleet.list \
  -o Dir::Etc::sourceparts=- \
  -o APT::Get::List-Cleanup=0

# what an installation that was cut off left; a version that does not configure is replaced by this one, or by the way back
dpkg --configure --pending || :

found=$(dpkg-query -W -f '${db:Status-Status} ${Version}' "$package" 2>/dev/null) || found=
case $found in
  '' | not-installed* | config-files*) installed= ;;
  *) installed=${found#* } ;;
esac

# Written before a change and removed by a gate that passes: so a roll-out that was cut off still knows the version before.
# It counts while what stands there is not known to work: the version that was to come, or one that is half installed.
before=$installed
if [ -e "$state/$package.before" ]; then
  case $found in
    "installed $version" | '' | half-* | unpacked* | triggers-*) before=$(cat "$state/$package.before") ;;
  esac
fi

way_back=true
if [ -n "$before" ] && [ "$before" != "$version" ]; then
  apt-cache show "$package=$before" >/dev/null 2>&1 || way_back=false
fi
if [ "$installed" != "$version" ]; then
  echo "$before" >"$state/$package.before"
  [ -e "$state/$package.marks" ] || python3 "$state/gate/gate.py" mark "$package"
fi
printf '\n{"before": "%s", "way_back": %s}\n' "$before" "$way_back"
