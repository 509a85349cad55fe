pkg_name=node-service
pkg_origin=example
pkg_version=1.0.0
pkg_maintainer="The authors of this repository"
pkg_license=('Apache-2.0')
pkg_description="A service in JavaScript: nothing to compile, only to install"
pkg_exports=(
  [port]=port
)
pkg_exposes=(port)
pkg_svc_user=nobody
pkg_svc_group=nogroup

# Without pkg_source the files beside the plan are the source.
do_build() {
  return 0
}

do_install() {
  mkdir -p "$pkg_prefix/app"
  cp "$PLAN_CONTEXT/app/server.js" "$pkg_prefix/app/"
}
