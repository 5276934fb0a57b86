# What the set-up scripts share; they source it from the repository root.
# shellcheck shell=bash
cache=${XDG_CACHE_HOME:-$HOME/.cache}/jupyter-containerize

say() { printf '%s: %s\n' "${0##*/}" "$*"; }

fail() {
  printf '%s: error: %s\n' "${0##*/}" "$*" >&2
  exit 1
}

has() { command -v "$1" >/dev/null; }

as_root() {
  if [ "$(id -u)" = 0 ]; then
    "$@"
  elif has sudo; then
    sudo "$@"
  else
    fail "this step needs root, and there is no sudo: $*"
  fi
}

# The Python to develop with: the one of .venv, else $PYTHON, else the first on PATH that is new enough.
find_python() {
  local candidate
  for candidate in .venv/bin/python ${PYTHON:-python3 python3.14 python3.13 python3.12 python3.11}; do
    if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
      echo "$candidate"
      return
    fi
  done
  fail "Python 3.11 or newer is needed: put one on PATH, or name one (PYTHON=/path/to/python3.12 make install)"
}

on_debian() { has apt-get && grep -qx 'ID=debian' /etc/os-release; }

debian_codename() { sed -n 's/^VERSION_CODENAME=//p' /etc/os-release; }

# The machine's own Debian mirrors, as lines for a sources.list.
debian_sources() {
  local list=(apt-get indextargets --format "\$(REPO_URI) \$(RELEASE)" "Created-By: Packages" "Component: main")
  # apt names only those whose lists it has: on a new machine, none.
  [ -n "$("${list[@]}")" ] || as_root apt-get -qq update >&2
  "${list[@]}" | grep " $(debian_codename)" |
    sed 's|.*|deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] & main|'
}

# apt_install PACKAGE…: those that are missing, and nothing they only recommend.
apt_install() {
  local package missing=()
  for package; do
    dpkg-query --show --showformat '${db:Status-Status}' "$package" 2>/dev/null | grep -qx installed || missing+=("$package")
  done
  [ "${#missing[@]}" -gt 0 ] || return 0
  say "installing ${missing[*]} with apt-get"
  as_root apt-get -qq update
  as_root env DEBIAN_FRONTEND=noninteractive DEBCONF_NOWARNINGS=yes \
    apt-get -qq install --yes --no-install-recommends "${missing[@]}" >/dev/null 9>&-
}

# one_at_a_time: two of these scripts at once (two terminals, make -j) wait for each other. No lock where there is no flock (macOS).
one_at_a_time() {
  mkdir -p "$cache"
  ! has flock || { exec 9>"$cache/${0##*/}.lock" && flock 9; }
}
