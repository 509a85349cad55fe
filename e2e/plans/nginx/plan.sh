pkg_name=nginx
pkg_origin=example
pkg_version=1.22.1
pkg_license=('BSD-2-Clause')
pkg_source={source}
pkg_filename=nginx_${pkg_version}.orig.tar.gz
pkg_shasum=9ebb333a9e82b952acd3e2b4aeb1d4ff6406f72491bab6cd9fe69f0dea737f31
pkg_dirname=nginx-${pkg_version}
pkg_deps=(example/zlib)
pkg_bin_dirs=(sbin)
pkg_exports=(
  [port]=http.port
)
pkg_exposes=(port)
pkg_svc_user=root
pkg_svc_group=root

do_build() {
  ./configure --prefix="$pkg_prefix" --conf-path="$pkg_svc_config_path/nginx.conf" \
    --error-log-path=stderr --http-log-path="$pkg_svc_var_path/access.log" --pid-path="$pkg_svc_var_path/nginx.pid" \
    --http-client-body-temp-path="$pkg_svc_var_path/body" --http-proxy-temp-path="$pkg_svc_var_path/proxy" \
    --without-http_rewrite_module --without-http_fastcgi_module --without-http_uwsgi_module --without-http_scgi_module \
    --with-cc-opt="$CFLAGS" --with-ld-opt="$LDFLAGS"
  make -j"$(nproc)"
}

do_install() {
  make install
}
