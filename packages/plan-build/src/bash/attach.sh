# A prompt in the middle of a plan.

attach() {
  if [[ -z ${STUDIO_TYPE-} && -z $__hab_may_attach ]]; then
    warn "Non interactive studio, skipping 'attach'"
    return 0
  fi
  local __hab_step=
  __hab_converse "${FUNCNAME[1]-main}" "${BASH_SOURCE[1]-}" "${BASH_LINENO[0]}"
  __hab_watch
  if [[ -n $__hab_step ]]; then
    __hab_message="ended in 'attach'"
    builtin exit 1
  fi
  return 0
}

# Where a command of the plan just failed, with the variables of that place; the build ends afterwards.
__hab_attach_at_failure() { # STATUS LINE COMMAND FUNCTION FILE
  [[ -n $__hab_shell_on_failure ]] || return 0
  local __hab_step=
  builtin printf '\n%s failed with status %s: %s\n' "${__hab_phase:-The plan}" "$1" "$3"
  __hab_converse "$4" "$5" "$2"
}

# The same where the plan called `exit`, a helper gave up, or bash did: at the innermost line of the plan.
__hab_attach_at_exit() { # STATUS COMMAND
  local __hab_frame
  for ((__hab_frame = 2; __hab_frame < ${#FUNCNAME[@]}; __hab_frame++)); do
    if [[ ${BASH_SOURCE[__hab_frame]} == /* ]]; then
      __hab_attach_at_failure "$1" "${BASH_LINENO[__hab_frame - 1]}" "$2" "${FUNCNAME[__hab_frame]}" \
        "${BASH_SOURCE[__hab_frame]}"
      return 0
    fi
  done
}

# A callback may read and write files of its own at this moment: a person is talked to on the terminal.
__hab_converse() { # FUNCTION FILE LINE
  local __hab_debug
  # Whoever runs this build hears an interrupt, too, and must know whom it is meant for.
  __hab_ask prompt 1 || :
  trap - ERR EXIT
  trap : INT QUIT
  set +e
  __hab_debug=$(trap -p DEBUG)
  trap - DEBUG
  if [[ -n $__hab_may_attach ]] && (: </dev/tty >/dev/tty) 2>/dev/null; then
    __hab_prompt "$@" </dev/tty >/dev/tty 2>&1
  else
    __hab_prompt "$@"
  fi
  builtin eval "$__hab_debug"
  if [[ -n $__hab_debug ]]; then set -T; fi
  __hab_ask prompt '' || :
  return 0
}

# Runs what was typed, in a function: an interrupt leaves it, whatever loops and functions it is in by then.
__hab_run_typed() { # COMMAND
  __hab_depth=${#FUNCNAME[@]}
  __hab_interrupted=
  trap '__hab_interrupted=1' INT
  shopt -s extdebug
  trap '__hab_may_go_on "${#FUNCNAME[@]}"' DEBUG
  builtin eval "$1"
}

# With extdebug a trap that ends with 2 makes the function return whose next command it stands before.
__hab_may_go_on() { # DEPTH
  if [[ -n $__hab_interrupted ]] && (($1 >= __hab_depth)); then return 2; fi
}

__hab_prompt() { # FUNCTION FILE LINE
  local __hab_where=$1 __hab_file=$2 __hab_line=$3
  local __hab_count=1 __hab_depth __hab_typed __hab_word __hab_argument __hab_left= __hab_terminal
  # Ctrl-C clears the line. As a signal it would also reach the program that runs this build, and end both.
  __hab_terminal=$(command stty -g 2>/dev/null)
  builtin bind '"\C-c": kill-whole-line' 2>/dev/null
  HISTFILE='' HISTCONTROL=''
  builtin printf '\n### Attaching to debugging session\n'
  __hab_show_source "$__hab_file" "$__hab_line" 10
  set --
  while [[ -z $__hab_left ]]; do
    if [[ -n $__hab_terminal ]]; then command stty intr undef; fi
    if ! IFS= builtin read -r -e -p "[$__hab_count] ${pkg_name-}($__hab_where)> " __hab_typed; then
      # End of input: nobody is there to answer.
      builtin printf '\n'
      break
    fi
    if [[ -n $__hab_terminal ]]; then command stty "$__hab_terminal"; fi
    ((__hab_count++))
    builtin history -s -- "$__hab_typed"
    builtin read -r __hab_word __hab_argument <<<"$__hab_typed"
    case $__hab_word in
      '') ;;
      help) __hab_attach_help "$__hab_argument" ;;
      whereami | @) __hab_show_source "$__hab_file" "$__hab_line" "${__hab_argument:-10}" ;;
      vars) builtin declare -p ;;
      exit | quit) __hab_left=1 ;;
      exit-program | quit-program)
        __hab_left=1
        __hab_step=end
        ;;
      *)
        __hab_run_typed "$__hab_typed"
        trap - DEBUG
        shopt -u extdebug
        trap : INT
        if [[ -n $__hab_interrupted ]]; then builtin printf '\n'; fi
        ;;
    esac
  done
  if [[ -n $__hab_terminal ]]; then command stty "$__hab_terminal"; fi
  builtin printf '\n### Leaving debugging session\n\n'
}

__hab_attach_help() { # [COMMAND]
  case $1 in
    '') ;;
    help) builtin printf '%s\n' 'help [COMMAND]: lists what can be typed here, or explains one command.' && return ;;
    whereami | @)
      builtin printf '%s\n' 'whereami [N], @ [N]: shows where the plan stopped, with N lines before and after it; 10 without N.'
      return
      ;;
    vars) builtin printf '%s\n' 'vars: declares every variable that this place sees, local ones included.' && return ;;
    exit | quit) builtin printf '%s\n' 'exit, quit: leaves the session; the plan goes on behind this place.' && return ;;
    exit-program | quit-program)
      builtin printf '%s\n' "exit-program, quit-program: ends $THIS_PROGRAM with status 1; no artifact is made."
      return
      ;;
    *)
      builtin help -- "$1"
      return
      ;;
  esac
  builtin printf '%s\n' \
    'Help' \
    '  help [NAME]   This list, or what one command does.' \
    '' \
    'Context' \
    '  whereami [N]  The code around this place, N lines before and after it (10).' \
    '' \
    'Environment' \
    '  vars          Every variable that can be seen from here.' \
    '' \
    'Navigating' \
    '  exit          Go on with the build.' \
    "  exit-program  End $THIS_PROGRAM, with status 1." \
    '' \
    'Aliases' \
    '  @             The same as whereami.' \
    '  quit          The same as exit.' \
    '  quit-program  The same as exit-program.' \
    '' \
    'Anything else runs as a command, with the variables of this place.'
}

__hab_show_source() { # FILE LINE CONTEXT
  local __hab_number=0 __hab_text __hab_mark __hab_around=10
  if [[ $3 =~ ^[0-9]{1,6}$ ]]; then __hab_around=$((10#$3)); fi
  builtin printf '\nFrom: %s @ line %s :\n\n' "$1" "$2"
  if [[ -r $1 ]]; then
    while IFS= builtin read -r __hab_text || [[ -n $__hab_text ]]; do
      ((++__hab_number))
      if ((__hab_number < $2 - __hab_around)); then continue; fi
      if ((__hab_number > $2 + __hab_around)); then break; fi
      __hab_mark='    '
      if ((__hab_number == $2)); then __hab_mark=' => '; fi
      builtin printf '%s%s: %s\n' "$__hab_mark" "$__hab_number" "$__hab_text"
    done <"$1"
  fi
  builtin printf '\n'
}
