# What a package adds to the environment of those who run it, and of those who build with it. The values live on the
# other side; these helpers hand over what the plan says about a variable.

set_runtime_env() { __hab_environment set_runtime_env runtime "$@"; }
set_buildtime_env() { __hab_environment set_buildtime_env buildtime "$@"; }
push_runtime_env() { __hab_environment push_runtime_env runtime "$@"; }
push_buildtime_env() { __hab_environment push_buildtime_env buildtime "$@"; }

__hab_environment() { # HELPER SCOPE [-f] NAME VALUE
  local __hab_helper=$1 __hab_scope=$2 __hab_force=
  shift 2
  if [[ ${1-} == -f ]]; then
    __hab_force=1
    shift
  fi
  local __hab_type= __hab_separator= __hab_hint
  if [[ ${1-} =~ ^[A-Za-z_][A-Za-z0-9_]*$ ]]; then
    __hab_hint=HAB_ENV_$1_TYPE
    __hab_type=${!__hab_hint-}
    __hab_hint=HAB_ENV_$1_SEPARATOR
    __hab_separator=${!__hab_hint-}
  fi
  __hab_ask environment "$__hab_helper" "$__hab_scope" "$__hab_force" "${1-}" "${2-}" "$__hab_type" "$__hab_separator"
}

add_env() { exit_with "DEPRECATED: use 'set_runtime_env' instead!" 1; }
add_path_env() { exit_with "DEPRECATED: use 'push_runtime_env' instead!" 1; }
add_build_env() { exit_with "DEPRECATED: use 'set_buildtime_env' instead!" 1; }
add_build_path_env() { exit_with "DEPRECATED: use 'push_buildtime_env' instead!" 1; }
