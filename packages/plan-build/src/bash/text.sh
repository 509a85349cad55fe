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
