# Finding what other packages brought.

# Sets __hab_found to the first of the given package directories that WANTED names: name, name/version,
# name/version/release, or the same behind the origin.
__hab_find_package() { # WANTED DIRECTORY...
  local __hab_wanted=$1 __hab_directory __hab_ident __hab_short __hab_form
  shift
  __hab_found=
  [[ -n $__hab_wanted ]] || return 1
  for __hab_directory in "$@"; do
    __hab_ident=${__hab_directory#"$HAB_PKG_PATH"/}
    __hab_short=${__hab_ident#*/}
    for __hab_form in "${__hab_short%%/*}" "${__hab_short%/*}" "$__hab_short" \
      "${__hab_ident%/*/*}" "${__hab_ident%/*}" "$__hab_ident"; do
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
  if __hab_find_package "${1-}" ${pkg_all_deps_resolved[@]+"${pkg_all_deps_resolved[@]}"}; then
    builtin printf '%s\n' "$__hab_found"
    return 0
  fi
  warn "pkg_path_for() '${1-}' did not find a suitable installed package"
  warn "Resolved package set: (${pkg_all_deps_resolved[*]-})"
  return 1
}

pkg_interpreter_for() {
  local __hab_found __hab_line __hab_loose=
  if ! __hab_find_package "${1-}" ${pkg_deps_resolved[@]+"${pkg_deps_resolved[@]}"}; then
    warn "'${1-}' is not among the run dependencies (pkg_deps), so it cannot bring an interpreter"
    return 1
  fi
  if [[ -n ${2-} && -r $__hab_found/INTERPRETERS ]]; then
    while IFS= read -r __hab_line || [[ -n $__hab_line ]]; do
      if [[ $__hab_line == "$__hab_found/$2" ]]; then
        builtin printf '%s\n' "$__hab_line"
        return 0
      fi
      if [[ -z $__hab_loose && $__hab_line == *"$2" ]]; then __hab_loose=$__hab_line; fi
    done <"$__hab_found/INTERPRETERS"
  fi
  if [[ -n $__hab_loose ]]; then
    builtin printf '%s\n' "$__hab_loose"
    return 0
  fi
  warn "'${1-}' lists no interpreter '${2-}' (pkg_interpreters of its plan)"
  return 1
}

fix_interpreter() { # TARGETS PACKAGE INTERPRETER
  local __hab_path __hab_pattern __hab_target
  local -a __hab_targets=()
  if ! __hab_path=$(pkg_interpreter_for "${2-}" "${3-}" 2>/dev/null); then
    warn "fix_interpreter() found no interpreter '${3-}' of '${2-}'"
    warn "The package must be in pkg_deps; one that is only in pkg_build_deps is not there at run time"
    warn "It must also name the file in the pkg_interpreters of its own plan"
    warn "Nothing was changed in '${1-}'"
    return 1
  fi
  # TARGETS may be a pattern.
  # shellcheck disable=SC2086
  for __hab_target in $1; do
    [[ -f $__hab_target ]] || continue
    if [[ -L $__hab_target ]]; then __hab_target=$(readlink -f -- "$__hab_target"); fi
    build_line "Replacing '.*$3' with '$__hab_path' in '$__hab_target'"
    __hab_targets+=("$__hab_target")
  done
  if [[ ${#__hab_targets[@]} == 0 ]]; then return 0; fi
  __hab_pattern=$(__hab_escape_for_sed "$3")
  __hab_path=$(__hab_escape_for_sed "$__hab_path")
  sed -i -e "s/#!.*$__hab_pattern/#!$__hab_path/" -- "${__hab_targets[@]}"
}

__hab_escape_for_sed() {
  local __hab_text=$1 __hab_sign
  for __hab_sign in '\' / '&' . '*' '[' ']' '^' '$'; do
    __hab_text=${__hab_text//"$__hab_sign"/"\\$__hab_sign"}
  done
  builtin printf '%s' "$__hab_text"
}
