# The callbacks. A plan defines do_X; a scaffolding may replace do_default_X.

do_default_begin() { return 0; }

do_default_before() { return 0; }

do_default_download() {
  [[ -n ${pkg_source-} ]] || return 0
  download_file "$pkg_source" "${pkg_filename-}" "${pkg_shasum-}" ${pkg_source_mirrors[@]+"${pkg_source_mirrors[@]}"}
}

do_default_verify() {
  if [[ -n ${pkg_filename-} ]]; then verify_file "$pkg_filename" "${pkg_shasum-}"; fi
}

do_default_clean() {
  build_line 'Clean the cache'
  __hab_ask clean "$CACHE_PATH" "$HAB_CACHE_SRC_PATH" "$PLAN_CONTEXT"
}

do_default_unpack() {
  if [[ -n ${pkg_filename-} ]]; then unpack_file "$pkg_filename"; fi
}

do_default_prepare() { return 0; }

do_default_build() {
  ./configure --prefix="$pkg_prefix"
  make
}

do_default_install() { make install; }

do_default_build_config() { __hab_ask build-config "$PLAN_CONTEXT" "$pkg_prefix"; }

do_default_build_service() {
  __hab_ask build-service "$PLAN_CONTEXT" "$pkg_prefix" "${pkg_svc_run-}" "$pkg_svc_path" "$pkg_svc_data_path" \
    "$pkg_svc_user" "$pkg_svc_group"
}

do_default_strip() {
  build_line 'Stripping unneeded symbols from binaries and libraries'
  local __hab_script=
  __hab_ask strip "$pkg_prefix" "${pkg_strip-}" "$PATH"
  builtin eval "$__hab_script"
}

do_default_after() { return 0; }

do_default_end() { return 0; }

# Names that the manual uses for the same things.
do_begin_default() { do_default_begin; }
do_before_default() { do_default_before; }
do_download_default() { do_default_download; }
do_verify_default() { do_default_verify; }

# Runs once the plan is read: what it did not define gets the default, which a scaffolding may still replace.
__hab_fill_callbacks() {
  local __hab_name
  for __hab_name in begin before download verify clean unpack prepare build install build_config build_service strip \
    after end; do
    declare -F "do_$__hab_name" >/dev/null || builtin eval "do_$__hab_name() { do_default_$__hab_name; }"
  done
  declare -F do_setup_environment >/dev/null || do_setup_environment() { return 0; }
}

# One phase: its name for error reports, its directory, its function.
__hab_run_phase() { # CALLBACK DIRECTORY
  __hab_phase=$1
  builtin cd -- "$2"
  "$1"
  __hab_phase=
}
