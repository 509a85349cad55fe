// Made by scripts/embed-bash.ts out of src/bash/*.sh; do not edit.
/** The bash side of a build. */
export const BASH_RUNTIME: string = `
if ((BASH_VERSINFO[0] < 4 || (BASH_VERSINFO[0] == 4 && BASH_VERSINFO[1] < 4))); then
  printf 'Plans need bash 4.4 or newer; this one is %s.\\n' "$BASH_VERSION" >&2
  exit 1
fi
exec {__hab_out}>&3 {__hab_in}<&4 3>&- 4<&-
umask 0022
unset TERMINFO
unset "\${!pkg_@}"
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
  builtin printf '%s\\0' "$1" "$(($# - 1))" "\${@:2}" >&"$__hab_out"
}
__hab_ask() {
  if [[ $BASHPID != "$$" ]]; then
    __hab_ask_from_subshell "$@"
    return
  fi
  local __hab_segment __hab_id=$((++__hab_asked))
  __hab_send ask "$__hab_id" "$@"
  while IFS= builtin read -r -d '' -u "$__hab_in" __hab_segment; do
    [[ $__hab_segment == "$__hab_id":* ]] || continue
    __hab_segment=\${__hab_segment#*:}
    if [[ $__hab_segment == .[0-9]* ]]; then return "\${__hab_segment:1}"; fi
    builtin eval "$__hab_segment"
  done
  __hab_lost
}
__hab_ask_from_subshell() {
  local __hab_segment __hab_fd __hab_reply=\${TMPDIR:-/tmp}/hab-build.$BASHPID.$RANDOM$RANDOM
  command mkfifo -m 600 "$__hab_reply" || return 1
  __hab_send ask-at "$__hab_reply" "$@"
  exec {__hab_fd}<"$__hab_reply"
  while IFS= builtin read -r -d '' -u "$__hab_fd" __hab_segment; do
    __hab_segment=\${__hab_segment#*:}
    if [[ $__hab_segment == .[0-9]* ]]; then
      exec {__hab_fd}<&-
      return "\${__hab_segment:1}"
    fi
    builtin eval "$__hab_segment"
  done
  exec {__hab_fd}<&-
  return 1
}
__hab_lost() {
  trap - ERR EXIT
  builtin printf 'The build program went away; nothing more can be done here.\\n' >&2
  builtin exit 1
}
__hab_dump() { # VERB NAME...
  local - __hab_name __hab_verb=$1
  local -a __hab_fields=()
  set +u
  shift
  for __hab_name in "$@"; do
    __hab_dump_one
  done
  __hab_send "$__hab_verb" \${__hab_fields[@]+"\${__hab_fields[@]}"}
}
__hab_dump_one() {
  local -n __hab_ref=$__hab_name
  local __hab_attributes=\${__hab_ref[*]@a} __hab_key
  if [[ $__hab_attributes == *A* ]]; then
    __hab_fields+=("$__hab_name" A "$((\${#__hab_ref[@]} * 2))")
    for __hab_key in "\${!__hab_ref[@]}"; do __hab_fields+=("$__hab_key" "\${__hab_ref[$__hab_key]}"); done
  elif [[ $__hab_attributes == *a* ]]; then
    __hab_fields+=("$__hab_name" a "\${#__hab_ref[@]}" "\${__hab_ref[@]}")
  elif [[ -n \${__hab_ref+set} ]]; then
    __hab_fields+=("$__hab_name" s 1 "$__hab_ref")
  else
    __hab_fields+=("$__hab_name" - 0)
  fi
}
__hab_declare() {
  {
    builtin printf 'declarations\\0001\\0'
    builtin declare -p
    builtin printf '\\0'
  } >&"$__hab_out"
}
__hab_dump_functions() {
  local __hab_name
  local -a __hab_fields=()
  for __hab_name in "$@"; do
    if declare -F "$__hab_name" >/dev/null; then __hab_fields+=("$__hab_name"); fi
  done
  __hab_send functions \${__hab_fields[@]+"\${__hab_fields[@]}"}
}
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
  [[ \${__hab_ref[*]-} == *"$__hab_mark"* && \${__hab_ref[*]@a} != *r* ]] || return 0
  for __hab_key in "\${!__hab_ref[@]}"; do __hab_ref[$__hab_key]=\${__hab_ref[$__hab_key]//"$__hab_mark"/"$__hab_value"}; done
}

__hab_print() { # FORMAT-PLAIN FORMAT-COLOURED TEXT [NAME]
  local __hab_shown=\${4-\${pkg_name-}}
  if [[ -n $__hab_color ]]; then builtin printf "$2" "$__hab_shown" "$3"; else builtin printf "$1" "$__hab_shown" "$3"; fi
}
__hab_line() { __hab_print '   %s: %s\\n' '   \\033[1;36m%s: \\033[1;37m%s\\033[0m\\n' "$1"; }
__hab_warn() { __hab_print '   %s: WARN: %s\\n' '   \\033[1;36m%s: \\033[1;33mWARN: \\033[1;37m%s\\033[0m\\n' "$1" >&2; }
__hab_error() { __hab_print '   %s: ERROR: %s\\n' '   \\033[1;36m%s: \\033[1;31mERROR: \\033[1;37m%s\\033[0m\\n' "$1"; }
__hab_last() { __hab_print '   %s: %s\\n' '   \\033[1;36m%s: \\033[1;31m%s\\033[0m\\n' "$1" "\${pkg_name:-unknown}"; }
build_line() { __hab_print '   %s: %s\\n' '   \\033[1;36m%s: \\033[1;37m%b\\033[0m\\n' "\${1-}"; }
warn() { __hab_print '   %s: WARN: %s\\n' '   \\033[1;36m%s: \\033[1;33mWARN: \\033[1;37m%b\\033[0m\\n' "\${1-}" >&2; }
debug() {
  if [[ -n \${DEBUG-} ]]; then __hab_print '   %s: DEBUG: %s\\n' '   \\033[1;36m%s: \\033[0mDEBUG: %b\\n' "\${1-}"; fi
  return 0
}
exit_with() {
  __hab_print '   %s: ERROR: %s\\n' '   \\033[1;36m%s: \\033[1;31mERROR: \\033[1;37m%b\\033[0m\\n' "\${1-}"
  __hab_message=\${1-}
  builtin exit "\${2:-1}"
}

exists() {
  if command -v "\${1-}" >/dev/null 2>&1; then return 0; fi
  return 1
}
trim() {
  local IFS=' '
  local text="$*"
  if [[ $text =~ [^[:space:]](.*[^[:space:]])? ]]; then builtin printf '%s\\n' "\${BASH_REMATCH[0]}"; else builtin echo; fi
}
join_by() {
  local IFS=\${1:0:1}
  shift
  builtin printf '%s\\n' "$*"
}
abspath() {
  local path=\${1-} directory
  if [[ -d $path ]]; then
    (builtin cd -- "$path" && builtin pwd)
  elif [[ -e $path ]]; then
    directory=.
    if [[ $path == */* ]]; then directory=\${path%/*}; fi
    directory=$(builtin cd -- "\${directory:-/}" && builtin pwd)
    builtin printf '%s\\n' "\${directory%/}/\${path##*/}"
  else
    builtin printf '%s does not exist!\\n' "$path" >&2
    return 127
  fi
}
normalize_checksum() { builtin printf '%s\\n' "\${1,,}"; }
push_to_path() { dedupe_path "\${1-}\${2:+\${3:-:}$2}" "\${3:-:}"; }
dedupe_path() {
  local separator=\${2:-:} rest=\${1-} item result=
  rest+=$separator
  while [[ -n $rest ]]; do
    item=\${rest%%"$separator"*}
    rest=\${rest#*"$separator"}
    if [[ -n $item && $separator$result$separator != *"$separator$item$separator"* ]]; then
      result+=\${result:+$separator}$item
    fi
  done
  builtin printf '%s\\n' "$result"
}
record() { # SESSION [COMMAND...]
  if [[ -z \${1-} ]]; then
    builtin printf 'Use: record SESSION [COMMAND...]\\n' >&2
    return 1
  fi
  local __hab_plan __hab_recorded=unknown __hab_logs=\${LOGDIR:-$pkg_output_path/logs} __hab_log
  for __hab_plan in "$1/plan.sh" "$1/habitat/plan.sh"; do
    if [[ -f $__hab_plan ]]; then
      __hab_recorded=$(trap - ERR EXIT; set +eEu; pkg_name=; source "$__hab_plan" >/dev/null 2>&1; builtin printf '%s' "$pkg_name")
      break
    fi
  done
  if [[ ! $__hab_recorded =~ ^[A-Za-z0-9_-]+$ ]]; then __hab_recorded=unknown; fi
  shift
  if (($# == 0)); then set -- "\${SHELL:-bash}"; fi
  command mkdir -p "$__hab_logs"
  __hab_log=$__hab_logs/$__hab_recorded.$(TZ=UTC0 builtin printf '%(%Y-%m-%d-%H%M%S)T' -1).log
  local - __hab_status=0
  set -o pipefail
  "$@" 2>&1 | command tee -a -- "$__hab_log" || __hab_status=$?
  return "$__hab_status"
}

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
  if [[ $BASHPID != "$$" ]]; then
    __hab_send note "$1" "$2" "$3" "\${BASH_SOURCE[1]-}" "\${FUNCNAME[1]-}"
    builtin exit "$1"
  fi
  if [[ \${FUNCNAME[1]-} == __hab_run_phase && $3 != 'builtin cd '* ]]; then
    __hab_returned=$(trap - ERR EXIT; shopt -s extdebug; declare -F "$__hab_phase")
    __hab_returned=\${__hab_returned#* }
    set -- "$1" "\${__hab_returned%% *}" "$3"
    __hab_returned=\${__hab_returned#* }
  fi
  if [[ -n $__hab_returned ]]; then
    __hab_attach_at_failure "$@" "$__hab_phase" "$__hab_returned"
    __hab_stop returned "$@"
  fi
  __hab_attach_at_failure "$@" "\${FUNCNAME[1]-main}" "\${BASH_SOURCE[1]-}"
  __hab_stop error "$@"
}
exit() {
  local __hab_status=$?
  if (($#)); then builtin exit "$@"; fi
  builtin exit "$__hab_status"
}
__hab_on_exit() { # STATUS COMMAND
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
  trap : HUP INT QUIT TERM
  set +eEu
  local IFS=$' \\t\\n' __hab_frame
  local -a __hab_frames=()
  if [[ -n $__hab_returned ]]; then __hab_frames=("$__hab_phase" "$__hab_returned" "$3"); fi
  for ((__hab_frame = 2; __hab_frame < \${#FUNCNAME[@]}; __hab_frame++)); do
    __hab_frames+=("\${FUNCNAME[__hab_frame]}" "\${BASH_SOURCE[__hab_frame]}" "\${BASH_LINENO[__hab_frame - 1]}")
  done
  __hab_ask stopped "$1" "$2" "$3" "$4" "$__hab_phase" "\${__hab_frames[@]}"
  if [[ $2 != 0 ]]; then
    __hab_last 'Exiting on error'
    __hab_end_callback do_after_failure
  fi
  trap - HUP INT QUIT TERM
  builtin exit "$2"
}
__hab_end_callback() { # NAME [REMARK]
  declare -F "$1" >/dev/null || return 0
  __hab_line "'$1' callback function is defined; executing..."
  (
    trap - ERR EXIT HUP INT QUIT TERM
    set -e
    "$1"
  )
  if [[ $? != 0 ]]; then __hab_last "'$1' callback failed\${2-}"; fi
  return 0
}

set_runtime_env() { __hab_environment set_runtime_env runtime "$@"; }
set_buildtime_env() { __hab_environment set_buildtime_env buildtime "$@"; }
push_runtime_env() { __hab_environment push_runtime_env runtime "$@"; }
push_buildtime_env() { __hab_environment push_buildtime_env buildtime "$@"; }
__hab_environment() { # HELPER SCOPE [-f] NAME VALUE
  local __hab_helper=$1 __hab_scope=$2 __hab_force=
  shift 2
  if [[ \${1-} == -f ]]; then
    __hab_force=1
    shift
  fi
  local __hab_type= __hab_separator= __hab_hint
  if [[ \${1-} =~ ^[A-Za-z_][A-Za-z0-9_]*$ ]]; then
    __hab_hint=HAB_ENV_$1_TYPE
    __hab_type=\${!__hab_hint-}
    __hab_hint=HAB_ENV_$1_SEPARATOR
    __hab_separator=\${!__hab_hint-}
  fi
  __hab_ask environment "$__hab_helper" "$__hab_scope" "$__hab_force" "\${1-}" "\${2-}" "$__hab_type" "$__hab_separator"
}
add_env() { exit_with "DEPRECATED: use 'set_runtime_env' instead!" 1; }
add_path_env() { exit_with "DEPRECATED: use 'push_runtime_env' instead!" 1; }
add_build_env() { exit_with "DEPRECATED: use 'set_buildtime_env' instead!" 1; }
add_build_path_env() { exit_with "DEPRECATED: use 'push_buildtime_env' instead!" 1; }

__hab_find_package() { # WANTED DIRECTORY...
  local __hab_wanted=$1 __hab_directory __hab_ident __hab_short __hab_form
  shift
  __hab_found=
  [[ -n $__hab_wanted ]] || return 1
  for __hab_directory in "$@"; do
    __hab_ident=\${__hab_directory#"$HAB_PKG_PATH"/}
    __hab_short=\${__hab_ident#*/}
    for __hab_form in "\${__hab_short%%/*}" "\${__hab_short%/*}" "$__hab_short" \\
      "\${__hab_ident%/*/*}" "\${__hab_ident%/*}" "$__hab_ident"; do
      if [[ $__hab_form == "$__hab_wanted" ]]; then
        __hab_found=$__hab_directory
        return 0
      fi
    done
  done
  return 1
}
pkg_path_for() {
  local __hab_found IFS=' '
  if __hab_find_package "\${1-}" \${pkg_all_deps_resolved[@]+"\${pkg_all_deps_resolved[@]}"}; then
    builtin printf '%s\\n' "$__hab_found"
    return 0
  fi
  warn "pkg_path_for() '\${1-}' did not find a suitable installed package"
  warn "Resolved package set: (\${pkg_all_deps_resolved[*]-})"
  return 1
}
pkg_interpreter_for() {
  local __hab_found __hab_line __hab_loose=
  if ! __hab_find_package "\${1-}" \${pkg_deps_resolved[@]+"\${pkg_deps_resolved[@]}"}; then
    warn "'\${1-}' is not among the run dependencies (pkg_deps), so it cannot bring an interpreter"
    return 1
  fi
  if [[ -n \${2-} && -r $__hab_found/INTERPRETERS ]]; then
    while IFS= read -r __hab_line || [[ -n $__hab_line ]]; do
      if [[ $__hab_line == "$__hab_found/$2" ]]; then
        builtin printf '%s\\n' "$__hab_line"
        return 0
      fi
      if [[ -z $__hab_loose && $__hab_line == *"$2" ]]; then __hab_loose=$__hab_line; fi
    done <"$__hab_found/INTERPRETERS"
  fi
  if [[ -n $__hab_loose ]]; then
    builtin printf '%s\\n' "$__hab_loose"
    return 0
  fi
  warn "'\${1-}' lists no interpreter '\${2-}' (pkg_interpreters of its plan)"
  return 1
}
fix_interpreter() { # TARGETS PACKAGE INTERPRETER
  local __hab_path __hab_pattern __hab_target
  local -a __hab_targets=()
  if ! __hab_path=$(pkg_interpreter_for "\${2-}" "\${3-}" 2>/dev/null); then
    warn "fix_interpreter() found no interpreter '\${3-}' of '\${2-}'"
    warn "The package must be in pkg_deps; one that is only in pkg_build_deps is not there at run time"
    warn "It must also name the file in the pkg_interpreters of its own plan"
    warn "Nothing was changed in '\${1-}'"
    return 1
  fi
  for __hab_target in $1; do
    [[ -f $__hab_target ]] || continue
    if [[ -L $__hab_target ]]; then __hab_target=$(readlink -f -- "$__hab_target"); fi
    build_line "Replacing '.*$3' with '$__hab_path' in '$__hab_target'"
    __hab_targets+=("$__hab_target")
  done
  if [[ \${#__hab_targets[@]} == 0 ]]; then return 0; fi
  __hab_pattern=$(__hab_escape_for_sed "$3")
  __hab_path=$(__hab_escape_for_sed "$__hab_path")
  sed -i -e "s/#!.*$__hab_pattern/#!$__hab_path/" -- "\${__hab_targets[@]}"
}
__hab_escape_for_sed() {
  local __hab_text=$1 __hab_sign
  for __hab_sign in '\\' / '&' . '*' '[' ']' '^' '$'; do
    __hab_text=\${__hab_text//"$__hab_sign"/"\\\\$__hab_sign"}
  done
  builtin printf '%s' "$__hab_text"
}

download_file() { # URL NAME [SHA-256 [MIRROR...]]
  __hab_ask download "\${1-}" "\${2-}" "\${3-}" "$HAB_CACHE_SRC_PATH" "\${@:4}"
}
verify_file() { __hab_ask verify "\${1-}" "\${2-}" "$HAB_CACHE_SRC_PATH"; }
unpack_file() {
  local __hab_script= __hab_status=0
  __hab_ask unpack "\${1-}" "$HAB_CACHE_SRC_PATH" || return
  pushd "$HAB_CACHE_SRC_PATH" >/dev/null
  builtin eval "$__hab_script" || __hab_status=$?
  popd >/dev/null
  return "$__hab_status"
}
update_pkg_version() {
  local __hab_version=\${pkg_version-}
  if declare -F pkg_version >/dev/null; then __hab_version=$(pkg_version); fi
  __hab_ask version "$__hab_version" "$__hab_phase" "\${CACHE_PATH-}" "\${SRC_PATH-}" "\${pkg_dirname-}" "$PATH"
}

do_default_begin() { return 0; }
do_default_before() { return 0; }
do_default_download() {
  [[ -n \${pkg_source-} ]] || return 0
  download_file "$pkg_source" "\${pkg_filename-}" "\${pkg_shasum-}" \${pkg_source_mirrors[@]+"\${pkg_source_mirrors[@]}"}
}
do_default_verify() {
  if [[ -n \${pkg_filename-} ]]; then verify_file "$pkg_filename" "\${pkg_shasum-}"; fi
}
do_default_clean() {
  build_line 'Clean the cache'
  __hab_ask clean "$CACHE_PATH" "$HAB_CACHE_SRC_PATH" "$PLAN_CONTEXT"
}
do_default_unpack() {
  if [[ -n \${pkg_filename-} ]]; then unpack_file "$pkg_filename"; fi
}
do_default_prepare() { return 0; }
do_default_build() {
  ./configure --prefix="$pkg_prefix"
  make
}
do_default_install() { make install; }
do_default_build_config() { __hab_ask build-config "$PLAN_CONTEXT" "$pkg_prefix"; }
do_default_build_service() {
  __hab_ask build-service "$PLAN_CONTEXT" "$pkg_prefix" "\${pkg_svc_run-}" "$pkg_svc_path" "$pkg_svc_data_path" \\
    "$pkg_svc_user" "$pkg_svc_group"
}
do_default_strip() {
  build_line 'Stripping unneeded symbols from binaries and libraries'
  local __hab_script=
  __hab_ask strip "$pkg_prefix" "\${pkg_strip-}" "$PATH"
  builtin eval "$__hab_script"
}
do_default_after() { return 0; }
do_default_end() { return 0; }
do_begin_default() { do_default_begin; }
do_before_default() { do_default_before; }
do_download_default() { do_default_download; }
do_verify_default() { do_default_verify; }
__hab_fill_callbacks() {
  local __hab_name
  for __hab_name in begin before download verify clean unpack prepare build install build_config build_service strip \\
    after end; do
    declare -F "do_$__hab_name" >/dev/null || builtin eval "do_$__hab_name() { do_default_$__hab_name; }"
  done
  declare -F do_setup_environment >/dev/null || do_setup_environment() { return 0; }
}
__hab_run_phase() { # CALLBACK DIRECTORY
  __hab_phase=$1
  builtin cd -- "$2"
  "$1"
  __hab_phase=
}

__hab_note_commands() {
  set -T
  trap '__hab_ours=1 __hab_last_word=$_; [[ -z \${BASH_SOURCE[0]-} || \${BASH_SOURCE[0]} == environment ]] || __hab_at_file=\${BASH_SOURCE[0]} __hab_at_line=$LINENO __hab_at_command=$BASH_COMMAND; : "$__hab_last_word"' DEBUG
}
__hab_forget_commands() {
  __hab_ours=
  :
  if [[ -n $__hab_ours ]]; then trap - DEBUG; else __hab_at_file=; fi
  set +T
}
__hab_explain_loading() { # FILE
  local __hab_file __hab_syntax=
  if [[ -n $__hab_at_file && $__hab_at_file != /* ]]; then __hab_at_file=$PWD/$__hab_at_file; fi
  local -a __hab_options=(-n)
  if shopt -q extglob; then __hab_options+=(-O extglob); fi
  for __hab_file in "$1" \${__hab_at_file:+"$__hab_at_file"}; do
    __hab_syntax=$(trap - ERR EXIT; set +eE; LC_ALL=C exec "$BASH" "\${__hab_options[@]}" -- "$__hab_file" 2>&1 >/dev/null) || break
    __hab_syntax=
  done
  __hab_send loading "$__hab_file" "$__hab_syntax" "$__hab_at_file" "\${__hab_at_line-}" "\${__hab_at_command-}"
}

attach() {
  if [[ -z \${STUDIO_TYPE-} && -z $__hab_may_attach ]]; then
    warn "Non interactive studio, skipping 'attach'"
    return 0
  fi
  local __hab_step=
  __hab_converse "\${FUNCNAME[1]-main}" "\${BASH_SOURCE[1]-}" "\${BASH_LINENO[0]}"
  __hab_watch
  if [[ -n $__hab_step ]]; then
    __hab_message="ended in 'attach'"
    builtin exit 1
  fi
  return 0
}
__hab_attach_at_failure() { # STATUS LINE COMMAND FUNCTION FILE
  [[ -n $__hab_shell_on_failure ]] || return 0
  local __hab_step=
  builtin printf '\\n%s failed with status %s: %s\\n' "\${__hab_phase:-The plan}" "$1" "$3"
  __hab_converse "$4" "$5" "$2"
}
__hab_attach_at_exit() { # STATUS COMMAND
  local __hab_frame
  for ((__hab_frame = 2; __hab_frame < \${#FUNCNAME[@]}; __hab_frame++)); do
    if [[ \${BASH_SOURCE[__hab_frame]} == /* ]]; then
      __hab_attach_at_failure "$1" "\${BASH_LINENO[__hab_frame - 1]}" "$2" "\${FUNCNAME[__hab_frame]}" \\
        "\${BASH_SOURCE[__hab_frame]}"
      return 0
    fi
  done
}
__hab_converse() { # FUNCTION FILE LINE
  local __hab_debug
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
__hab_run_typed() { # COMMAND
  __hab_depth=\${#FUNCNAME[@]}
  __hab_interrupted=
  trap '__hab_interrupted=1' INT
  shopt -s extdebug
  trap '__hab_may_go_on "\${#FUNCNAME[@]}"' DEBUG
  builtin eval "$1"
}
__hab_may_go_on() { # DEPTH
  if [[ -n $__hab_interrupted ]] && (($1 >= __hab_depth)); then return 2; fi
}
__hab_prompt() { # FUNCTION FILE LINE
  local __hab_where=$1 __hab_file=$2 __hab_line=$3
  local __hab_count=1 __hab_depth __hab_typed __hab_word __hab_argument __hab_left= __hab_terminal
  __hab_terminal=$(command stty -g 2>/dev/null)
  builtin bind '"\\C-c": kill-whole-line' 2>/dev/null
  HISTFILE='' HISTCONTROL=''
  builtin printf '\\n### Attaching to debugging session\\n'
  __hab_show_source "$__hab_file" "$__hab_line" 10
  set --
  while [[ -z $__hab_left ]]; do
    if [[ -n $__hab_terminal ]]; then command stty intr undef; fi
    if ! IFS= builtin read -r -e -p "[$__hab_count] \${pkg_name-}($__hab_where)> " __hab_typed; then
      builtin printf '\\n'
      break
    fi
    if [[ -n $__hab_terminal ]]; then command stty "$__hab_terminal"; fi
    ((__hab_count++))
    builtin history -s -- "$__hab_typed"
    builtin read -r __hab_word __hab_argument <<<"$__hab_typed"
    case $__hab_word in
      '') ;;
      help) __hab_attach_help "$__hab_argument" ;;
      whereami | @) __hab_show_source "$__hab_file" "$__hab_line" "\${__hab_argument:-10}" ;;
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
        if [[ -n $__hab_interrupted ]]; then builtin printf '\\n'; fi
        ;;
    esac
  done
  if [[ -n $__hab_terminal ]]; then command stty "$__hab_terminal"; fi
  builtin printf '\\n### Leaving debugging session\\n\\n'
}
__hab_attach_help() { # [COMMAND]
  case $1 in
    '') ;;
    help) builtin printf '%s\\n' 'help [COMMAND]: lists what can be typed here, or explains one command.' && return ;;
    whereami | @)
      builtin printf '%s\\n' 'whereami [N], @ [N]: shows where the plan stopped, with N lines before and after it; 10 without N.'
      return
      ;;
    vars) builtin printf '%s\\n' 'vars: declares every variable that this place sees, local ones included.' && return ;;
    exit | quit) builtin printf '%s\\n' 'exit, quit: leaves the session; the plan goes on behind this place.' && return ;;
    exit-program | quit-program)
      builtin printf '%s\\n' "exit-program, quit-program: ends $THIS_PROGRAM with status 1; no artifact is made."
      return
      ;;
    *)
      builtin help -- "$1"
      return
      ;;
  esac
  builtin printf '%s\\n' \\
    'Help' \\
    '  help [NAME]   This list, or what one command does.' \\
    '' \\
    'Context' \\
    '  whereami [N]  The code around this place, N lines before and after it (10).' \\
    '' \\
    'Environment' \\
    '  vars          Every variable that can be seen from here.' \\
    '' \\
    'Navigating' \\
    '  exit          Go on with the build.' \\
    "  exit-program  End $THIS_PROGRAM, with status 1." \\
    '' \\
    'Aliases' \\
    '  @             The same as whereami.' \\
    '  quit          The same as exit.' \\
    '  quit-program  The same as exit-program.' \\
    '' \\
    'Anything else runs as a command, with the variables of this place.'
}
__hab_show_source() { # FILE LINE CONTEXT
  local __hab_number=0 __hab_text __hab_mark __hab_around=10
  if [[ $3 =~ ^[0-9]{1,6}$ ]]; then __hab_around=$((10#$3)); fi
  builtin printf '\\nFrom: %s @ line %s :\\n\\n' "$1" "$2"
  if [[ -r $1 ]]; then
    while IFS= builtin read -r __hab_text || [[ -n $__hab_text ]]; do
      ((++__hab_number))
      if ((__hab_number < $2 - __hab_around)); then continue; fi
      if ((__hab_number > $2 + __hab_around)); then break; fi
      __hab_mark='    '
      if ((__hab_number == $2)); then __hab_mark=' => '; fi
      builtin printf '%s%s: %s\\n' "$__hab_mark" "$__hab_number" "$__hab_text"
    done <"$1"
  fi
  builtin printf '\\n'
}

__hab_watch
__hab_send ready
while IFS= builtin read -r -d '' -u "$__hab_in" __hab_segment; do
  [[ $__hab_segment == 0:* ]] || continue
  builtin eval "\${__hab_segment#*:}"
  __hab_send ready
done
__hab_lost
`;
/** What waits beside a build that replaces a package. */
export const BASH_GUARD: string = `
IFS= read -r word || word=
if [[ $word == done ]]; then exit 0; fi
fields=()
look() { # PID
  fields=()
  [[ -r /proc/$1/stat ]] || return 0
  local line
  IFS= read -r -d '' line </proc/"$1"/stat || :
  read -r -a fields <<<"\${line##*) }" || :
}
tree=()
find_tree() { # PID
  local path pid count=0
  tree=("$1")
  local -A below=([$1]=1)
  while ((count != \${#tree[@]})); do
    count=\${#tree[@]}
    for path in /proc/[0-9]*; do
      pid=\${path#/proc/}
      look "$pid"
      if [[ -z \${below[$pid]-} && -n \${below[\${fields[1]:-none}]-} ]]; then
        below[$pid]=1
        tree+=("$pid")
      fi
    done
  done
}
look "$3"
if [[ -n $4 && \${fields[19]-} == "$4" ]]; then
  find_tree "$3"
  kill -STOP "\${tree[@]}" 2>/dev/null
  find_tree "$3"
  kill -KILL "\${tree[@]}" 2>/dev/null
fi
if [[ -d $2/replaced ]]; then
  chmod -R u+rwX -- "$1" 2>/dev/null
  rm -rf -- "$1"
  mv -- "$2/replaced" "$1"
fi
rm -rf -- "$2"
`;
