# Files that are read outside error mode, where only the last command counts: which one that was.

# One line: a trap counts its own. `$_` belongs to the file.
__hab_note_commands() {
  set -T
  trap '__hab_ours=1 __hab_last_word=$_; [[ -z ${BASH_SOURCE[0]-} || ${BASH_SOURCE[0]} == environment ]] || __hab_at_file=${BASH_SOURCE[0]} __hab_at_line=$LINENO __hab_at_command=$BASH_COMMAND; : "$__hab_last_word"' DEBUG
}

# A trap that the file set itself stays, and then nothing is known of its last command.
__hab_forget_commands() {
  __hab_ours=
  :
  if [[ -n $__hab_ours ]]; then trap - DEBUG; else __hab_at_file=; fi
  set +T
}

# Sends where reading went wrong: what bash cannot understand says so itself when it is read again without being run.
__hab_explain_loading() { # FILE
  local __hab_file __hab_syntax=
  if [[ -n $__hab_at_file && $__hab_at_file != /* ]]; then __hab_at_file=$PWD/$__hab_at_file; fi
  local -a __hab_options=(-n)
  if shopt -q extglob; then __hab_options+=(-O extglob); fi
  for __hab_file in "$1" ${__hab_at_file:+"$__hab_at_file"}; do
    __hab_syntax=$(trap - ERR EXIT; set +eE; LC_ALL=C exec "$BASH" "${__hab_options[@]}" -- "$__hab_file" 2>&1 >/dev/null) || break
    __hab_syntax=
  done
  __hab_send loading "$__hab_file" "$__hab_syntax" "$__hab_at_file" "${__hab_at_line-}" "${__hab_at_command-}"
}
