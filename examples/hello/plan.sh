pkg_name=hello
pkg_origin=example
pkg_version=2.10
pkg_maintainer="The authors of this repository"
pkg_license=('GPL-3.0-or-later')
pkg_description="Says hello: the classic of configure and make"
pkg_upstream_url=https://www.gnu.org/software/hello/
pkg_source=https://ftp.gnu.org/gnu/${pkg_name}/${pkg_name}-${pkg_version}.tar.gz
pkg_shasum=31e066137a962676e89f69d1b65382de95a7ef7d914b8cb956f41ea72e0f516b
pkg_bin_dirs=(bin)

# The defaults build it: ./configure, make, make install.

do_check() {
  make check
}
