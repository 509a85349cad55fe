pkg_name=pcre2
pkg_description="PCRE 2 of this machine"
host_headers=(pcre2.h pcre2posix.h)
host_libraries=(pcre2-8 pcre2-16 pcre2-32 pcre2-posix)
host_pconfig=(libpcre2-8 libpcre2-16 libpcre2-32 libpcre2-posix)
host_scripts=(pcre2-config)

source "${BASH_SOURCE[0]%/*}/../host.sh"
