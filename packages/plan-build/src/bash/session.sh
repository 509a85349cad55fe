# The build process: one bash, told what to do next by the program that started it.
#
# Descriptor 3 carries messages out, 4 carries commands in; both move away at once, because plans use 3 and 4 themselves.
# A message is a row of NUL-ended fields: verb, number of the fields that follow, fields. A command is bash text that the
# other side quoted, ended by NUL, behind "<number of the question>:" ("0:" when nobody asked).
# Names that start with __hab_ are private. `builtin` and `command` keep a plan's functions of the same name out.

if ((BASH_VERSINFO[0] < 4 || (BASH_VERSINFO[0] == 4 && BASH_VERSINFO[1] < 4))); then
  printf 'Plans need bash 4.4 or newer; this one is %s.\n' "$BASH_VERSION" >&2
  exit 1
fi

exec {__hab_out}>&3 {__hab_in}<&4 3>&- 4<&-
umask 0022
unset TERMINFO
unset "${!pkg_@}"

__hab_asked=0
__hab_phase=
__hab_at_file=
__hab_returned=
__hab_interrupted=
__hab_message=
__hab_may_attach=
__hab_shell_on_failure=
__hab_color=

__hab_send() {
  builtin printf '%s\0' "$1" "$(($# - 1))" "${@:2}" >&"$__hab_out"
}

# Asks a question and runs the answer; returns the status that the answer ends with.
__hab_ask() {
  if [[ $BASHPID != "$$" ]]; then
    __hab_ask_from_subshell "$@"
    return
  fi
  local __hab_segment __hab_id=$((++__hab_asked))
  __hab_send ask "$__hab_id" "$@"
  while IFS= builtin read -r -d '' -u "$__hab_in" __hab_segment; do
    [[ $__hab_segment == "$__hab_id":* ]] || continue
    __hab_segment=${__hab_segment#*:}
    if [[ $__hab_segment == .[0-9]* ]]; then return "${__hab_segment:1}"; fi
    builtin eval "$__hab_segment"
  done
  __hab_lost
}

# Subshells may ask at the same time (`a & b & wait`), so each brings its own channel for the answer.
__hab_ask_from_subshell() {
  local __hab_segment __hab_fd __hab_reply=${TMPDIR:-/tmp}/hab-build.$BASHPID.$RANDOM$RANDOM
  command mkfifo -m 600 "$__hab_reply" || return 1
  __hab_send ask-at "$__hab_reply" "$@"
  exec {__hab_fd}<"$__hab_reply"
  while IFS= builtin read -r -d '' -u "$__hab_fd" __hab_segment; do
    __hab_segment=${__hab_segment#*:}
    if [[ $__hab_segment == .[0-9]* ]]; then
      exec {__hab_fd}<&-
      return "${__hab_segment:1}"
    fi
    builtin eval "$__hab_segment"
  done
  exec {__hab_fd}<&-
  return 1
}

__hab_lost() {
  trap - ERR EXIT
  builtin printf 'The build program went away; nothing more can be done here.\n' >&2
  builtin exit 1
}

# Sends variables with their values: name, kind (s string, a list, A map, - unset), count, values (a map: key, value, ...).
__hab_dump() { # VERB NAME...
  local - __hab_name __hab_verb=$1
  local -a __hab_fields=()
  set +u
  shift
  for __hab_name in "$@"; do
    __hab_dump_one
  done
  __hab_send "$__hab_verb" ${__hab_fields[@]+"${__hab_fields[@]}"}
}

__hab_dump_one() {
  local -n __hab_ref=$__hab_name
  local __hab_attributes=${__hab_ref[*]@a} __hab_key
  if [[ $__hab_attributes == *A* ]]; then
    __hab_fields+=("$__hab_name" A "$((${#__hab_ref[@]} * 2))")
    for __hab_key in "${!__hab_ref[@]}"; do __hab_fields+=("$__hab_key" "${__hab_ref[$__hab_key]}"); done
  elif [[ $__hab_attributes == *a* ]]; then
    __hab_fields+=("$__hab_name" a "${#__hab_ref[@]}" "${__hab_ref[@]}")
  elif [[ -n ${__hab_ref+set} ]]; then
    __hab_fields+=("$__hab_name" s 1 "$__hab_ref")
  else
    __hab_fields+=("$__hab_name" - 0)
  fi
}

# Sends the declarations of all variables, as bash prints them: the other side looks for names in them, nothing else.
__hab_declare() {
  {
    builtin printf 'declarations\0001\0'
    builtin declare -p
    builtin printf '\0'
  } >&"$__hab_out"
}

# Sends which of the named functions exist.
__hab_dump_functions() {
  local __hab_name
  local -a __hab_fields=()
  for __hab_name in "$@"; do
    if declare -F "$__hab_name" >/dev/null; then __hab_fields+=("$__hab_name"); fi
  done
  __hab_send functions ${__hab_fields[@]+"${__hab_fields[@]}"}
}

# Puts the package's name where variables hold the mark that stood for it while the plan was read.
__hab_replace_mark() { # MARK NAME VARIABLE...
  local - __hab_mark=$1 __hab_value=$2 __hab_name
  set +u
  shift 2
  for __hab_name in "$@"; do
    __hab_replace_mark_in_one
  done
}

__hab_replace_mark_in_one() {
  local -n __hab_ref=$__hab_name
  local __hab_key
  [[ ${__hab_ref[*]-} == *"$__hab_mark"* && ${__hab_ref[*]@a} != *r* ]] || return 0
  for __hab_key in "${!__hab_ref[@]}"; do __hab_ref[$__hab_key]=${__hab_ref[$__hab_key]//"$__hab_mark"/"$__hab_value"}; done
}
