# How a build stops early: the first unguarded failing command, `exit`, or a signal.

__hab_watch() {
  set -eE
  trap '__hab_on_error "$?" "$LINENO" "$BASH_COMMAND"' ERR
  trap '__hab_on_exit "$?" "$BASH_COMMAND"' EXIT
  trap '__hab_on_signal 1 HUP' HUP
  trap '__hab_on_signal 2 INT' INT
  trap '__hab_on_signal 3 QUIT' QUIT
  trap '__hab_on_signal 15 TERM' TERM
}

__hab_unwatch() {
  trap - ERR EXIT HUP INT QUIT TERM
  set +eE
}

__hab_on_error() { # STATUS LINE COMMAND
  # A subshell only says where it broke: the command that waits for it fails in turn, or was told not to mind.
  if [[ $BASHPID != "$$" ]]; then
    __hab_send note "$1" "$2" "$3" "${BASH_SOURCE[1]-}" "${FUNCNAME[1]-}"
    builtin exit "$1"
  fi
  if [[ ${FUNCNAME[1]-} == __hab_run_phase && $3 != 'builtin cd '* ]]; then
    # `return`, or a list such as `[[ ... ]] && ...` at the end: the callback is over, and with it the line.
    __hab_returned=$(trap - ERR EXIT; shopt -s extdebug; declare -F "$__hab_phase")
    __hab_returned=${__hab_returned#* }
    set -- "$1" "${__hab_returned%% *}" "$3"
    __hab_returned=${__hab_returned#* }
  fi
  if [[ -n $__hab_returned ]]; then
    __hab_attach_at_failure "$@" "$__hab_phase" "$__hab_returned"
    __hab_stop returned "$@"
  fi
  __hab_attach_at_failure "$@" "${FUNCNAME[1]-main}" "${BASH_SOURCE[1]-}"
  __hab_stop error "$@"
}

# Every trap for the end of a shell has forgotten where it was; the frame of this function remembers the line of the call.
exit() {
  local __hab_status=$?
  if (($#)); then builtin exit "$@"; fi
  builtin exit "$__hab_status"
}

# `exit` leaves no command behind but this program's own loop; an error of the shell itself leaves the one that broke.
__hab_on_exit() { # STATUS COMMAND
  # A process that bash has just forked, hit by a signal before it became what it was forked for.
  [[ $BASHPID == "$$" ]] || return 0
  if [[ $1 != 0 ]]; then __hab_attach_at_exit "$1" "$2"; fi
  if [[ -z $__hab_message && $1 != 0 && $2 != 'builtin eval '* && $2 != 'builtin exit '* && $2 != exit* ]]; then __hab_stop shell "$1" 0 "$2"; fi
  __hab_stop exit "$1" 0 "$__hab_message"
}

__hab_on_signal() { # NUMBER NAME
  if [[ $BASHPID != "$$" ]]; then
    trap - EXIT "$2"
    builtin kill -s "$2" "$BASHPID"
  fi
  __hab_stop signal "$((128 + $1))" 0 "$2"
}

__hab_stop() { # KIND STATUS LINE TEXT
  trap - ERR EXIT
  # Not ignored, which children would inherit, and not fatal a second time.
  trap : HUP INT QUIT TERM
  set +eEu
  local IFS=$' \t\n' __hab_frame
  local -a __hab_frames=()
  if [[ -n $__hab_returned ]]; then __hab_frames=("$__hab_phase" "$__hab_returned" "$3"); fi
  for ((__hab_frame = 2; __hab_frame < ${#FUNCNAME[@]}; __hab_frame++)); do
    __hab_frames+=("${FUNCNAME[__hab_frame]}" "${BASH_SOURCE[__hab_frame]}" "${BASH_LINENO[__hab_frame - 1]}")
  done
  __hab_ask stopped "$1" "$2" "$3" "$4" "$__hab_phase" "${__hab_frames[@]}"
  if [[ $2 != 0 ]]; then
    __hab_last 'Exiting on error'
    __hab_end_callback do_after_failure
  fi
  trap - HUP INT QUIT TERM
  builtin exit "$2"
}

# Best effort, in a subshell of its own; never changes how the build ended.
__hab_end_callback() { # NAME [REMARK]
  declare -F "$1" >/dev/null || return 0
  __hab_line "'$1' callback function is defined; executing..."
  (
    trap - ERR EXIT HUP INT QUIT TERM
    set -e
    "$1"
  )
  if [[ $? != 0 ]]; then __hab_last "'$1' callback failed${2-}"; fi
  return 0
}
