pkg_name=web
pkg_origin=acme
pkg_version=1.2.3
pkg_maintainer="Acme <web@acme.example>"
pkg_license=(Apache2)
pkg_description="Serves pages"
pkg_upstream_url=https://acme.example/web
pkg_exports=([port]=srv.port)

do_install() {
  cp web "$pkg_prefix/bin"
}
