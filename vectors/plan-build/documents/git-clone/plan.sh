pkg_name=chef
pkg_origin=core
pkg_version=v14.1.1
pkg_source=https://github.com/chef/chef
pkg_filename=${pkg_name}-${pkg_version}.tar.bz2
pkg_build_deps=(core/git core/cacerts core/make core/coreutils core/tar core/bzip2)
pkg_bin_dirs=(bin)

do_download() {
  export GIT_SSL_CAINFO="$(pkg_path_for core/cacerts)/ssl/certs/cacert.pem"
  git clone https://github.com/chef/chef
  pushd chef
  git checkout $pkg_version
  popd
  tar -cjvf $HAB_CACHE_SRC_PATH/${pkg_name}-${pkg_version}.tar.bz2 \
      --transform "s,^./chef,chef-${pkg_version}," \
      --exclude chef/.git --exclude chef/spec ./chef
  pkg_shasum=$(trim $(sha256sum $HAB_CACHE_SRC_PATH/${pkg_filename} | cut -d " " -f 1))
}

do_build() {
  return 0
}
