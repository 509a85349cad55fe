# Small public helpers on words, lists and paths.

exists() {
  if command -v "${1-}" >/dev/null 2>&1; then return 0; fi
  return 1
}

trim() {
  local IFS=' '
  local text="$*"
  if [[ $text =~ [^[:space:]](.*[^[:space:]])? ]]; then builtin printf '%s\n' "${BASH_REMATCH[0]}"; else builtin echo; fi
}

join_by() {
  local IFS=${1:0:1}
  shift
  builtin printf '%s\n' "$*"
}

abspath() {
  local path=${1-} directory
  if [[ -d $path ]]; then
    (builtin cd -- "$path" && builtin pwd)
  elif [[ -e $path ]]; then
    directory=.
    if [[ $path == */* ]]; then directory=${path%/*}; fi
    directory=$(builtin cd -- "${directory:-/}" && builtin pwd)
    builtin printf '%s\n' "${directory%/}/${path##*/}"
  else
    builtin printf '%s does not exist!\n' "$path" >&2
    return 127
  fi
}

normalize_checksum() { builtin printf '%s\n' "${1,,}"; }

push_to_path() { dedupe_path "${1-}${2:+${3:-:}$2}" "${3:-:}"; }

dedupe_path() {
  local separator=${2:-:} rest=${1-} item result=
  rest+=$separator
  while [[ -n $rest ]]; do
    item=${rest%%"$separator"*}
    rest=${rest#*"$separator"}
    if [[ -n $item && $separator$result$separator != *"$separator$item$separator"* ]]; then
      result+=${result:+$separator}$item
    fi
  done
  builtin printf '%s\n' "$result"
}

# Runs a command, or a shell, and keeps a copy of what it prints beside the results.
record() { # SESSION [COMMAND...]
  if [[ -z ${1-} ]]; then
    builtin printf 'Use: record SESSION [COMMAND...]\n' >&2
    return 1
  fi
  local __hab_plan __hab_recorded=unknown __hab_logs=${LOGDIR:-$pkg_output_path/logs} __hab_log
  for __hab_plan in "$1/plan.sh" "$1/habitat/plan.sh"; do
    if [[ -f $__hab_plan ]]; then
      __hab_recorded=$(trap - ERR EXIT; set +eEu; pkg_name=; source "$__hab_plan" >/dev/null 2>&1; builtin printf '%s' "$pkg_name")
      break
    fi
  done
  if [[ ! $__hab_recorded =~ ^[A-Za-z0-9_-]+$ ]]; then __hab_recorded=unknown; fi
  shift
  if (($# == 0)); then set -- "${SHELL:-bash}"; fi
  command mkdir -p "$__hab_logs"
  __hab_log=$__hab_logs/$__hab_recorded.$(TZ=UTC0 builtin printf '%(%Y-%m-%d-%H%M%S)T' -1).log
  local - __hab_status=0
  set -o pipefail
  "$@" 2>&1 | command tee -a -- "$__hab_log" || __hab_status=$?
  return "$__hab_status"
}
