# Getting the sources.

download_file() { # URL NAME [SHA-256 [MIRROR...]]
  __hab_ask download "${1-}" "${2-}" "${3-}" "$HAB_CACHE_SRC_PATH" "${@:4}"
}

verify_file() { __hab_ask verify "${1-}" "${2-}" "$HAB_CACHE_SRC_PATH"; }

unpack_file() {
  local __hab_script= __hab_status=0
  __hab_ask unpack "${1-}" "$HAB_CACHE_SRC_PATH" || return
  pushd "$HAB_CACHE_SRC_PATH" >/dev/null
  builtin eval "$__hab_script" || __hab_status=$?
  popd >/dev/null
  return "$__hab_status"
}

update_pkg_version() {
  local __hab_version=${pkg_version-}
  if declare -F pkg_version >/dev/null; then __hab_version=$(pkg_version); fi
  __hab_ask version "$__hab_version" "$__hab_phase" "${CACHE_PATH-}" "${SRC_PATH-}" "${pkg_dirname-}" "$PATH"
}
