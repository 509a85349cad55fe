pkg_name=redis
pkg_origin=example
pkg_version=7.0.15
pkg_maintainer="The authors of this repository"
pkg_license=('BSD-3-Clause')
pkg_description="An in-memory data store, as a service that is configured while it runs"
pkg_upstream_url=https://redis.io/
pkg_source=https://github.com/redis/redis/archive/${pkg_version}.tar.gz
pkg_filename=${pkg_name}-${pkg_version}.tar.gz
pkg_shasum=4b1dc4ee6d622a09fff9c6777191209750fb5e5a725ef78ea012d6eef4c22982
pkg_dirname=${pkg_name}-${pkg_version}
pkg_bin_dirs=(bin)
pkg_exports=(
  [port]=port
)
pkg_exposes=(port)
# Users that every Debian has; a Supervisor without root runs the service as itself.
pkg_svc_user=nobody
pkg_svc_group=nogroup

do_build() {
  # The C library's allocator: nothing but the library itself is needed to run.
  make -j"$(nproc)" MALLOC=libc BUILD_TLS=no USE_SYSTEMD=no
}

do_install() {
  make install PREFIX="$pkg_prefix" MALLOC=libc BUILD_TLS=no USE_SYSTEMD=no
}
