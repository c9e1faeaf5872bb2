# Sourced by the scripts beside it. The steps of a job share one folder.
# shellcheck shell=bash

state="${RUNNER_TEMP:?RUNNER_TEMP is not set: these scripts run in GitHub Actions}/driftline"
# shellcheck disable=SC2034 # the scripts use them
store="$state/store" report="$state/report" results="$state/results"
mkdir -p "$state"

note() { printf 'driftline: %s\n' "$1"; }

# annotate notice|warning|error TEXT: whatever the text holds, it begins no workflow command.
annotate() {
  local text=$2
  text=${text//'%'/%25}
  text=${text//$'\r'/%0D}
  text=${text//$'\n'/%0A}
  printf '::%s::%s\n' "$1" "$text"
}

# fail TEXT [CODE]
fail() {
  annotate error "$1"
  exit "${2:-1}"
}

# output KEY VALUE: a line break in the value would begin another output.
output() { printf '%s=%s\n' "$1" "${2//[$'\r\n']/ }" >>"${GITHUB_OUTPUT:?}"; }

# guarded COMMAND…: what it prints is text and no workflow command, because only who knows the token
# can end that. Keeps the exit code.
guarded() {
  local token code=0
  token=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
  printf '::stop-commands::%s\n' "$token"
  "$@" 2>&1 || code=$?
  printf '\n::%s::\n' "$token"
  return "$code"
}

# without_page LOG: what kept driftline from making the page.
without_page() {
  note "without the page:"
  guarded head -n 1 "$1"
}

# The branch whose history is the reference.
default_branch() { printf '%s' "${DRIFTLINE_DEFAULT_BRANCH:-main}"; }

on_default_branch() { [ "${GITHUB_REF:-}" = "refs/heads/$(default_branch)" ]; }

# git that may ask gh for a password, where the remote wants one.
authenticated_git() {
  if [ -n "${GH_TOKEN:-}" ]; then
    git -c credential.helper= -c credential.helper='!gh auth git-credential' "$@"
  else
    git "$@"
  fi
}
