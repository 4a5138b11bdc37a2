# What the target's package database tells: which Debian package brought a file, in which version, and its MD5 then.

# wdev_owners: of the lines "F <path>" and "D <folder>" on standard input. Answers, package by package,
# "P <name> <state> <version>", then " <conffile> <md5>" and "L <path>", "H <md5>  <path without its slash>", and
# "C <path>" for byte-code. A folder that several packages have is in no answer: those would be most of all packages.
wdev_owners() {
  __info=$R/var/lib/dpkg/info
  [ -d "$__info" ] || return 0
  # /lib and /usr/lib are one
  [ ! -L "$R/lib" ] || echo A
  __asked=$(cat)
  __own=$(printf '%s\n' "$__asked" | sed -n 's/^D //p' | grep -hxFf - "$__info"/*.list 2>/dev/null | LC_ALL=C sort | LC_ALL=C uniq -u)
  __asked=$(printf '%s\n' "$__asked" | sed -n 's/^F //p'; printf '%s\n' "$__own")
  __asked=$(printf '%s\n' "$__asked" | grep .) || return 0
  printf '%s\n' "$__asked" | grep -lxFf - "$__info"/*.list 2>/dev/null | while IFS= read -r __list; do
    __list=${__list%.list}
    wdev_package "${__list##*/}" || continue
    printf '%s\n' "$__asked" | grep -xFf - "$__list.list" | sed 's/^/L /'
    sed -n '/\/__pycache__\/.*\.pyc$/s/^/C /p' "$__list.list"
    [ ! -f "$__list.md5sums" ] || printf '%s\n' "$__asked" | sed 's,^/,,' | grep -Ff - "$__list.md5sums" | sed 's/^/H /'
  done
}

# wdev_package NAME: what the database says of a package that is installed, or of which something is left
wdev_package() {
  __known=$(dpkg-query --admindir="$R/var/lib/dpkg" -W -f '${db:Status-Status} ${Version}\n${Conffiles}\n' "$1" 2>/dev/null) || return
  case $__known in
    not-installed*) return 1 ;;
    *) printf 'P %s %s\n' "$1" "$__known" ;;
  esac
}

# wdev_package_files NAME: the same, with all of its files
wdev_package_files() {
  __list=$R/var/lib/dpkg/info/$1.list
  [ -f "$__list" ] && wdev_package "$1" || return 0
  sed 's/^/L /' "$__list"
}

# wdev_packages_seen: from here on, wdev_packages_same tells whether the database was changed, since dpkg replaces its
# file; answers "no" where it cannot
wdev_packages_seen() { ln -f "$R/var/lib/dpkg/status" "$S/packages-seen" 2>/dev/null || { rm -f "$S/packages-seen"; echo no; }; }

wdev_packages_same() { [ "$S/packages-seen" -ef "$R/var/lib/dpkg/status" ]; }

# wdev_owned LINE...: the packages of files whose originals are kept
wdev_owned() { printf '%s\n' "$@" >>"$S/owners"; }
