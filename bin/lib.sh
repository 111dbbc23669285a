# Sourced by the scripts of this folder: where the project is, how to speak, how to install what lacks.
# shellcheck shell=bash
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
root=$PWD
cache=$root/.cache
mkdir -p "$cache"

# One line for each step; a step that had nothing to do stays silent.
say() { printf '%s: %s\n' "${0##*/}" "$*"; }
fail() { printf '%s: %s\n' "${0##*/}" "$*" >&2; exit 1; }
have() { command -v "$1" >/dev/null 2>&1; }

# install PACKAGE... brings Debian packages, as root or by sudo; what apt says is shown only when it fails.
install() {
  have apt-get || fail "this is no Debian or Ubuntu: please install by hand what these packages bring: $*"
  local as=()
  if [ "$(id -u)" != 0 ]; then
    have sudo || fail "please install as root: apt-get install $*"
    as=(sudo)
  fi
  say "installing $*"
  local log=$cache/apt.log
  local apt=("${as[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -y -qq -o DPkg::Lock::Timeout=600 --no-install-recommends)
  "${apt[@]}" install "$@" </dev/null >"$log" 2>&1 && return
  # The lists of a fresh machine are empty or old.
  "${apt[@]}" update </dev/null >"$log" 2>&1 || { cat "$log" >&2; fail "apt-get update failed"; }
  "${apt[@]}" install "$@" </dev/null >"$log" 2>&1 || { cat "$log" >&2; fail "could not install $*"; }
}

# need COMMAND PACKAGE... installs the packages when the command is not there.
need() {
  have "$1" || install "${@:2}"
  hash -r
  have "$1" || fail "$1 is still missing after installing ${*:2}"
}

# Go is the one thing that a newcomer brings along.
need_go() {
  if ! have go && [ -x /usr/local/go/bin/go ]; then PATH=$PATH:/usr/local/go/bin; fi
  have go || fail "please install Go $(sed -n 's/^go //p' go.mod) or newer: https://go.dev/dl"
}

# The tools that generate code, in exactly these versions.
sqlc_version=v1.31.1
templ_version=v0.3.1020

# find_tool NAME VERSION prints the path of a tool that is there in this version, or fails.
find_tool() {
  local path
  for path in "$(command -v "$1" || true)" "$cache/bin/$1"; do
    [ -x "$path" ] && [ "$("$path" version 2>/dev/null)" = "$2" ] && { echo "$path"; return; }
  done
  return 1
}
