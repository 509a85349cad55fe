# Lines for the person who watches: three spaces, the package's name, the text.

__hab_print() { # FORMAT-PLAIN FORMAT-COLOURED TEXT [NAME]
  local __hab_shown=${4-${pkg_name-}}
  # shellcheck disable=SC2059
  if [[ -n $__hab_color ]]; then builtin printf "$2" "$__hab_shown" "$3"; else builtin printf "$1" "$__hab_shown" "$3"; fi
}

# The other side's lines: never interpreted.
__hab_line() { __hab_print '   %s: %s\n' '   \033[1;36m%s: \033[1;37m%s\033[0m\n' "$1"; }
__hab_warn() { __hab_print '   %s: WARN: %s\n' '   \033[1;36m%s: \033[1;33mWARN: \033[1;37m%s\033[0m\n' "$1" >&2; }
__hab_error() { __hab_print '   %s: ERROR: %s\n' '   \033[1;36m%s: \033[1;31mERROR: \033[1;37m%s\033[0m\n' "$1"; }
__hab_last() { __hab_print '   %s: %s\n' '   \033[1;36m%s: \033[1;31m%s\033[0m\n' "$1" "${pkg_name:-unknown}"; }

build_line() { __hab_print '   %s: %s\n' '   \033[1;36m%s: \033[1;37m%b\033[0m\n' "${1-}"; }

warn() { __hab_print '   %s: WARN: %s\n' '   \033[1;36m%s: \033[1;33mWARN: \033[1;37m%b\033[0m\n' "${1-}" >&2; }

debug() {
  if [[ -n ${DEBUG-} ]]; then __hab_print '   %s: DEBUG: %s\n' '   \033[1;36m%s: \033[0mDEBUG: %b\n' "${1-}"; fi
  return 0
}

exit_with() {
  __hab_print '   %s: ERROR: %s\n' '   \033[1;36m%s: \033[1;31mERROR: \033[1;37m%b\033[0m\n' "${1-}"
  __hab_message=${1-}
  builtin exit "${2:-1}"
}
